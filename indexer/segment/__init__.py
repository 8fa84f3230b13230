"""Segments: a batch of documents as flat arrays in one memory-mapped file.

`array_file` is the file format: named arrays, with a checksum for each page. `segment` opens one
segment and its readers:

    postings_reader     documents of a term and frequencies, from `text_field`: a `term_dictionary`,
                        its `postings` and a `trigram_index`
    positions_reader    `positions` of words, and `phrase_search` with a `next_word_filter`
    document_store      ids, `stored_fields` and texts
    column_reader       numbers, dates and keywords, which `columns` takes from documents

`cache` and `buffer_pool` hold what readers share (`reader_memory`). `write` makes segments.
"""
