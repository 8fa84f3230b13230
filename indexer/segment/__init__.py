"""Segments: a batch of documents as flat arrays in one memory-mapped file.

`array_file` is the file: named arrays, with a checksum for each page. `inversion` turns documents
into arrays, `merging` makes one segment of several. `segment` is what a search sees of one:
`dictionary` finds its terms, `text` their postings and positions, `rows` where words stand in a
row, `documents` what is stored.
"""
