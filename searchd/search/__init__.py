"""Search: the syntax tree of a query to ranked documents. A query passes these modules in order:

    planner          its words are analysed: a `plan`, which no index is needed for; values of fields
                     are read by `field_values`
    query_resolver   terms are looked up in a snapshot (`word_resolvers`, `expansion_resolvers`,
                     `term_lookup`) and weighed (`term_weigher`, with `bm25`): a `weight_tree` of
                     `term_weights`, and the terms in a `resolved_query`; `wildcards`, `fuzzy` and
                     `trigram_similarity` find further terms
    collector        a `segment_scorer` scores the tree on each segment and takes its `top_k`;
                     `filters` and `sorting` read columns
    rescorer         the best documents gain by proximity and by similar words

`index_searcher` runs them for one snapshot, and on request the `explanation` of a score and
`suggestions` of spellings; `query_correction` says what was likely meant, `completion` what a text may
become, and `similar_documents` finds documents like one; `condition_hints` explain why conditions let nothing through. `searchd.query` parses before, `searchd.highlighting` comes after.
"""
