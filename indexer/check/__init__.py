"""Checks of a whole index, like Lucene's CheckIndex: every checksum and every cross reference.

`index_check.verify_index` checks an index, with `segment_check` for each segment and
`text_field_check` for each of its text fields.
"""
