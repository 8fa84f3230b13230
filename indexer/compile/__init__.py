"""Makes the data files of the indexer from their sources. It is not installed.

`known_glyphs` makes the table of glyphs by their outlines from fonts.
"""
