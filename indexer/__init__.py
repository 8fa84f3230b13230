"""Documents to an index: sources, fields, and the writer that makes one atomic commit.

`sources` read files of many kinds into records, `mapping` turns records into documents, `writer`
writes documents into the index of a directory, and `indexing` ties them together. `schema` says
how a document lies in the Whoosh index, `metadata` what made the index, `snapshot` reads it back.

Import the public parts from their modules (`indexer.writer.IndexWriter`, `indexer.document.Document`):
nothing is loaded here, so that the errors can be imported without Whoosh and numpy.
"""
