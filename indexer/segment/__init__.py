"""Segments: a batch of documents as flat arrays in one memory-mapped file.

`container` is the file: named arrays, with a checksum for each page. `dictionary` finds terms in
it, `inversion` turns documents into arrays, `merging` makes one segment of several, `reading`
gives postings, positions, columns and stored documents back.
"""
