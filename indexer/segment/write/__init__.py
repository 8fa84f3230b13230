"""Writing segments, from texts to one file, and merging segments into one.

In the order in which a batch of documents passes through them:

- `analyzers.pretokenizer` splits texts into chunks at characters that no word contains.
- `term_ids` gives each surface form and each stem an id, and analyses a chunk at its first
  occurrence alone.
- `inverter` turns the ids of a batch into postings and positions, by one sort.
- `document_store_writer` writes ids, stored fields, columns and compressed texts.
- `segment_writer` drives these for one segment.
- `merge_policy` chooses the segments that a commit merges, `merger` merges them.
"""
