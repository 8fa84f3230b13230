"""Checks of a whole index, as Lucene's CheckIndex: every checksum, every cross reference."""
