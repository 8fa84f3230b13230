"""A searchd index as a Whoosh index, for reading: everything of Whoosh that searches works on it.

    from indexer.whoosh import open_whoosh_index
    from whoosh.qparser import QueryParser

    index = open_whoosh_index("index")
    with index.searcher() as searcher:
        query = QueryParser("stem", index.schema).parse("الحشد الشعبي")
        for hit in searcher.search(query):
            print(hit["title"], hit.highlights("stem", text=hit["text"]))

It implements Whoosh's extension points over the memory-mapped arrays that the engine searches. No
pickle is read, and nothing is written: only `indexer.writer.IndexWriter` writes an index.

- `index`, `segment`, `codec`: Whoosh's index, segment and codec.
- `schema`: the fields, and how they are analysed.
- `terms`, `documents`: the term reader and the document reader of a segment.
- `term_source`: the terms of one field, of three kinds: `text_terms`, `keyword_terms` and
  `numeric_terms`.
- `matcher`: posting lists. `formats`: how positions are packed into bytes.
- `columns`: columns for sorting. `vectors`: term vectors, made from the stored text.
"""

from indexer.whoosh.index import ArrayIndex, open_whoosh_index

__all__ = ["ArrayIndex", "open_whoosh_index"]
