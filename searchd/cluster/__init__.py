"""Searching an index on an OpenSearch cluster.

The cluster chooses candidates and counts; the ranking, the second stage, the passages and the
highlights are those of an index in a directory, over a segment made of the candidates.
`engine` ties this together, `statistics` asks the cluster how many documents have a term,
`query_translation` and `filter_translation` write its queries, `candidates` are what it found.
"""
