"""Evaluation: retrieval quality of an index on queries with relevance judgments.

qrels.py         read queries and relevance judgments (qrels)
runs.py          search all queries; read and write TREC runs
metrics.py       nDCG@10, MRR@10, MAP and Recall@100 of a run, for each query
significance.py  paired randomisation test of the difference between two runs
line_reader.py   the lines of the files, with their line numbers

    import searchd
    from searchd.evaluation.metrics import mean, measure
    from searchd.evaluation.qrels import read_qrels, read_queries
    from searchd.evaluation.runs import search_run

    with searchd.open("searchd-index") as engine:
        run = search_run(engine, read_queries("queries.jsonl"))
    print(mean(measure(read_qrels("qrels.tsv"), run)["nDCG@10"]))

Import from the modules: `metrics` and `significance` need the packages of the extra `evaluate`,
the others do not.
"""
