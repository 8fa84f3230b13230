"""Speed and retrieval quality, compared with other engines and stemmers.

Benchmarks may import every package; no package imports them. Each module that is a program has a
`main` and prints Markdown tables; `--json` writes the same figures to a file.

quality.py     retrieval metrics of each ranking and of other stemmers (make quality)
weights.py     other parameters of the ranking, cross-validated (make weights)
noise.py       retrieval quality over corrupted documents (make noise)
conflation.py  precision and recall of stems and lemmas on pairs of words
analysis.py    speed of analysis (make bench)
speed.py       speed of indexing and querying against Tantivy and stock Whoosh (make bench)
updating.py    speed of small commits (make bench)
load.py        the service under load and beside slow clients (make load)
"""
