"""Evaluation: how well an index answers questions whose answers are known.

`collections` reads questions and judgments, `runs` searches the questions and reads and writes what
was found in TREC's form, `measuring` gives each question its measures, and `significance` tells
whether one run is better than another by more than luck.

    from searchd.evaluation.qrels import read_qrels, read_queries
    from searchd.evaluation.metrics import mean, measure
    from searchd.evaluation.runs import search_run

    with searchd.open("searchd-index") as engine:
        run = search_run(engine, read_queries("queries.jsonl"))
    print(mean(measure(read_qrels("qrels.tsv"), run)["nDCG@10"]))

Import the public parts from their modules: `measuring` and `significance` need the packages of the
extra `evaluate`, the others do not.
"""
