"""Tables of spellings: what a document has written, and what a reader types to find it."""
