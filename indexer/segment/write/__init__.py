"""Writing segments: pretokenizing, numbering terms, inverting, storing documents, merging."""
