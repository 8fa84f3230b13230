"""`searchd evaluate`: retrieval metrics of an index on judged queries."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from searchd.cli.extras import missing_extra
from searchd.cli.options import count, json_option, location_option, print_json
from searchd.cli.terminal import without_controls
from searchd.cli.word_files import analyzer_options, synonyms_options

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from indexer.cluster.address import Location
    from searchd.evaluation.qrels import Qrels
    from searchd.evaluation.runs import Run
    from searchd.search_engine import SearchEngine

_EXTRA = ("ir_measures", "pytrec_eval", "scipy")
_BAR = "{percentage:3.0f}% {bar} {n:,}/{total:,} queries, {remaining} left"
_FILE = click.Path(path_type=Path)

_MAX_NAMED = 5
"""How many ids a warning names."""

_MIN_DEPTH = 100
"""The depth that Recall@100 needs."""


@click.command(short_help="Measure retrieval quality on judged queries.")
@click.argument("more", nargs=-1, metavar="")
@click.option(
    "--corpus",
    multiple=True,
    metavar="PATH...",
    help="Files or directories to index for this evaluation alone, as 'searchd index' reads them. "
    "Without this option the index of --index is searched.",
)
@location_option
@click.option(
    "--queries",
    "queries_file",
    type=_FILE,
    required=True,
    metavar="FILE",
    help='The queries: JSON Lines with "id" and "text", or lines with an id, a tab and a text.',
)
@click.option(
    "--qrels",
    "qrels_file",
    type=_FILE,
    required=True,
    metavar="FILE",
    help="The relevance judgments: query id, document id and relevance with tabs between, or the "
    "four columns of TREC qrels. Documents with a relevance of 1 or more are relevant.",
)
@click.option(
    "--depth",
    type=click.IntRange(_MIN_DEPTH),
    metavar="N",
    default=1000,
    show_default=True,
    help="Documents to retrieve for each query, at most 10,000.",
)
@click.option(
    "--run",
    "run_file",
    type=_FILE,
    metavar="FILE",
    help="Write the retrieved documents to a file in the TREC run format.",
)
@click.option(
    "--baseline",
    metavar="stem|surface|FILE",
    help="Compare with a ranking by stem or by surface form alone, or with a run file in the TREC "
    "format, of searchd or of another engine.",
)
@click.option(
    "--show-worst",
    "worst",
    type=click.IntRange(1),
    metavar="N",
    help="Show the N queries with the largest loss of nDCG@10 against the baseline; without a "
    "baseline, those with the lowest nDCG@10.",
)
@analyzer_options
@synonyms_options
@json_option
def evaluate(
    more: tuple[str, ...],
    corpus: tuple[str, ...],
    index_directory: Location,
    queries_file: Path,
    qrels_file: Path,
    depth: int,
    run_file: Path | None,
    baseline: str | None,
    worst: int | None,
    analyzer: Analyzer | None,
    synonyms: Synonyms | None,
    as_json: bool,
) -> None:
    """Search judged queries and print nDCG@10, MRR@10, MAP and Recall@100.

    \b
    searchd evaluate --queries queries.jsonl --qrels qrels.tsv
    searchd evaluate --corpus corpus/*.jsonl --queries queries.jsonl --qrels qrels.tsv
    searchd evaluate ... --run before.run
    searchd evaluate ... --baseline before.run --show-worst 10

    Every query that has judgments is searched as prose, and each metric is the mean over these
    queries. --baseline compares each metric query by query: p is the two-sided p-value of a paired
    randomisation test; better, worse and equal count queries. Needs the packages of the extra
    evaluate.
    """
    _check_options(corpus, more, run_file, depth)
    try:
        from searchd.cli.evaluation_report import Report
    except ImportError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _EXTRA:
            raise
        raise missing_extra("evaluation", "evaluate", error) from error
    import searchd
    from searchd.evaluation.runs import BASELINES, read_run, write_run

    queries, qrels = _read_judged(queries_file, qrels_file)
    ranking = BASELINES.get(baseline) if baseline else None
    baseline_run = read_run(baseline) if baseline and ranking is None else None
    with _index(corpus + more, index_directory, analyzer) as directory:
        _warn_of_absent(directory, qrels)
        with searchd.open(directory, analyzer=analyzer, synonyms=synonyms) as engine:
            run = _search(engine, queries, depth)
            title_weight = engine.info().title_weight
        if ranking is not None:
            ranking = replace(ranking, title_weight=title_weight)
            with searchd.open(directory, analyzer=analyzer, ranking=ranking) as engine:
                baseline_run = _search(engine, queries, depth)
    if run_file is not None:
        _warn_of_spaces(run)
        write_run(run_file, run, f"searchd-{searchd.__version__}")
    if baseline_run is not None:
        _warn_of_missing_queries(run, baseline_run)
    report = Report.of(queries, qrels, run, baseline_run, worst or 0)
    click.echo(
        f"{count(len(run), 'query', 'queries')}, up to {depth:,} documents for each", err=True
    )
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(report.to_text())


def _check_options(
    corpus: tuple[str, ...], more: tuple[str, ...], run_file: Path | None, depth: int
) -> None:
    """Raise UsageError for options that contradict each other, before any file is read."""
    from searchd.search_arguments import MOST_HITS

    if depth > MOST_HITS:
        raise click.BadParameter(f"{depth} is more than {MOST_HITS}", param_hint="--depth")
    source = click.get_current_context().get_parameter_source("index_directory")
    if more and not corpus:
        raise click.UsageError(f"got {more[0]!r}; name the files of the corpus with --corpus")
    if corpus and source is ParameterSource.COMMANDLINE:
        raise click.UsageError("give either --corpus or --index")
    if run_file is not None and not run_file.parent.is_dir():
        raise click.BadParameter(
            f"there is no directory {run_file.parent}; make it first", param_hint="--run"
        )


def _read_judged(queries_file: Path, qrels_file: Path) -> tuple[dict[str, str], Qrels]:
    """Return the queries that have judgments and their qrels, in the order of the queries.

    Raises CollectionError if no query has judgments; warns of judgments for unknown queries.
    """
    from searchd.errors import CollectionError
    from searchd.evaluation.qrels import read_qrels, read_queries

    queries, qrels = read_queries(queries_file), read_qrels(qrels_file)
    judged = {name: text for name, text in queries.items() if name in qrels}
    if not judged:
        raise CollectionError(
            str(qrels_file),
            f"it has no judgment for any query of {queries_file}; ids must be the same in both, and "
            f"are {next(iter(queries))} there and {next(iter(qrels))} here",
        )
    if unknown := [name for name in qrels if name not in judged]:
        judged_queries = count(len(unknown), "judged query", "judged queries")
        _warn(f"{judged_queries} not in {queries_file}, left out", unknown)
    return judged, {name: qrels[name] for name in judged}


@contextmanager
def _index(
    corpus: tuple[str, ...], directory: Location, analyzer: Analyzer | None
) -> Iterator[Location]:
    """Yield the directory of the index to search: a temporary one of a corpus, or `directory`."""
    if not corpus:
        yield directory
        return
    from indexer.indexing import index_records
    from indexer.sources import read_records, scan
    from searchd.cli.progress import Progress

    found = scan(corpus)
    with tempfile.TemporaryDirectory(prefix="searchd-") as folder:
        with Progress(found.total_bytes, enabled=True) as progress:
            index_records(
                Path(folder),
                progress.reading(read_records(found)),
                analyzer=analyzer,
                progress=progress.show,
            )
        yield Path(folder)


def _search(engine: SearchEngine, queries: Mapping[str, str], depth: int) -> Run:
    from searchd.cli.progress import open_bar
    from searchd.evaluation.runs import search_run

    with open_bar(_BAR, len(queries)) as bar:
        return search_run(engine, queries, depth=depth, progress=bar.update)


def _warn_of_missing_queries(run: Run, baseline: Run) -> None:
    """Warn of queries with hits that are not in the baseline: they count 0 in its means."""
    if missing := [name for name in run if run[name] and name not in baseline]:
        missing_queries = count(len(missing), "query", "queries")
        _warn(f"{missing_queries} not in the baseline, counted 0 there", missing)


def _warn_of_absent(directory: Location, qrels: Qrels) -> None:
    from searchd.evaluation.qrels import absent_documents

    if absent := absent_documents(directory, qrels):
        noun = "relevant document is" if len(absent) == 1 else "relevant documents are"
        _warn(f"{len(absent):,} {noun} not in the index and cannot be found", absent)


def _warn_of_spaces(run: Run) -> None:
    """Warn of document ids with white space, which other tools read as several columns."""
    spaced = {name for retrieved in run.values() for name in retrieved if name.split() != [name]}
    if spaced:
        _warn(
            f"{count(len(spaced), 'id')} with white space in the run, which only searchd reads",
            spaced,
        )


def _warn(message: str, ids: Iterable[str]) -> None:
    ordered = sorted(ids)
    shown = ", ".join(ordered[:_MAX_NAMED]) + (", …" if len(ordered) > _MAX_NAMED else "")
    click.echo(f"warning: {message}: {without_controls(shown)}", err=True)
