"""A searchd index as a Whoosh index, for reading: everything of Whoosh that searches works on it.

    from indexer.whoosh import open_whoosh_index
    from whoosh.qparser import QueryParser

    index = open_whoosh_index("index")
    with index.searcher() as searcher:
        query = QueryParser("stem", index.schema).parse("الحشد الشعبي")
        for hit in searcher.search(query):
            print(hit["title"], hit.highlights("stem", text=hit["text"]))

It stands on Whoosh's own extension points: `index` is its Index, `segment` and `codec` its segment
and codec, `matcher` its posting lists, `columns` its columns, over the same memory-mapped arrays
that the engine searches. `schema` lists the fields. `indexer.writer.IndexWriter` alone writes.

`schema` says what each field holds, `words`, `exact` and `numbers` find the terms of a field,
`terms` and `documents` are the readers that Whoosh asks for, `vectors` makes the terms of one
document, `formats` says how positions are packed. No pickle is read or written.
"""

from indexer.whoosh.index import ArrayIndex, open_whoosh_index

__all__ = ["ArrayIndex", "open_whoosh_index"]
