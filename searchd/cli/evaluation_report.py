"""The report of `searchd evaluate`, as text and as JSON. Needs the extra `evaluate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from searchd.cli.terminal import without_controls
from searchd.evaluation.metrics import mean, measure
from searchd.evaluation.qrels import Qrels
from searchd.evaluation.runs import Run
from searchd.evaluation.significance import Comparison, compare, largest_losses

_LOSS_METRIC = "nDCG@10"
"""The metric whose losses are listed."""

_MAX_DOCUMENTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Loss:
    """A query with its nDCG@10 in the baseline and in the run.

    `ranks` has the ranks of its most relevant documents in the baseline and in the run, None if a
    document was not retrieved. Without a baseline `baseline` is 1, and the ranks in it are None.
    """

    query: str
    text: str
    baseline: float
    run: float
    ranks: dict[str, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Report:
    """The means of all metrics, the comparison with a baseline if there is one, and the losses."""

    query_count: int
    means: dict[str, float]
    compared: dict[str, Comparison] | None
    losses: tuple[Loss, ...]

    @classmethod
    def of(
        cls,
        queries: Mapping[str, str],
        qrels: Qrels,
        run: Run,
        baseline: Run | None,
        worst: int,
    ) -> Self:
        """Measure a run, compare it with a baseline, and find the `worst` largest losses."""
        values = measure(qrels, run)
        compared = None
        reference = dict.fromkeys(qrels, 1.0)  # without a baseline, the loss against the best value
        if baseline is not None:
            baseline_values = measure(qrels, baseline)
            compared = {name: compare(baseline_values[name], values[name]) for name in values}
            reference = baseline_values[_LOSS_METRIC]
        losses = tuple(
            Loss(
                query,
                queries[query],
                baseline_value,
                run_value,
                _ranks(qrels[query], (baseline or {}).get(query, {}), run[query]),
            )
            for query, baseline_value, run_value in largest_losses(
                reference, values[_LOSS_METRIC], worst
            )
        )
        return cls(
            len(qrels), {name: mean(each) for name, each in values.items()}, compared, losses
        )

    def to_text(self) -> str:
        """Return a table of the metrics, and below it the queries with the largest losses."""
        if self.compared is None:
            lines = [f"{name:<10}  {value:.4f}" for name, value in self.means.items()]
        else:
            lines = [
                f"{'':<10}  {'searchd':>8}  {'baseline':>8}  {'difference':>10}  {'p':>7}"
                f"  {'better':>6}  {'worse':>6}  {'equal':>6}"
            ]
            lines += [_row(name, each) for name, each in self.compared.items()]
        for loss in self.losses:
            lines += ["", *_describe(loss, compared=self.compared is not None)]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        measures: dict[str, dict[str, float]] = {
            name: {"value": value} for name, value in self.means.items()
        }
        for name, each in (self.compared or {}).items():
            measures[name] |= {
                "baseline": each.baseline,
                "difference": each.difference,
                "p": each.p,
                "better": each.better,
                "worse": each.worse,
                "equal": each.equal,
            }
        return {
            "questions": self.query_count,
            "measures": measures,
            "worst": [self._loss_to_dict(loss) for loss in self.losses],
        }

    def _loss_to_dict(self, loss: Loss) -> dict[str, Any]:
        compared = self.compared is not None
        return {
            "id": loss.query,
            "text": loss.text,
            _LOSS_METRIC: loss.run,
            **({"baseline": loss.baseline} if compared else {}),
            "relevant": [
                {"id": document, "rank": rank, **({"baseline": baseline} if compared else {})}
                for document, (baseline, rank) in loss.ranks.items()
            ],
        }


def _ranks(
    judged: Mapping[str, int], baseline: Mapping[str, float], run: Mapping[str, float]
) -> dict[str, tuple[int | None, int | None]]:
    """Return the ranks of the most relevant documents of a query in a baseline and in a run."""
    best = sorted(judged, key=lambda document: -judged[document])
    baseline_ranks, run_ranks = _rank_by_id(baseline), _rank_by_id(run)
    return {
        document: (baseline_ranks.get(document), run_ranks.get(document))
        for document in best[:_MAX_DOCUMENTS_SHOWN]
        if judged[document] > 0
    }


def _rank_by_id(retrieved: Mapping[str, float]) -> dict[str, int]:
    return {document: rank for rank, document in enumerate(retrieved, start=1)}


def _row(name: str, each: Comparison) -> str:
    return (
        f"{name:<10}  {each.run:>8.4f}  {each.baseline:>8.4f}  {each.difference:>+10.4f}  {each.p:>7.4f}"
        f"  {each.better:>6,}  {each.worse:>6,}  {each.equal:>6,}"
    )


def _describe(loss: Loss, *, compared: bool) -> list[str]:
    baseline = f"{loss.baseline:.4f} -> " if compared else ""
    lines = [f"{loss.query}  {baseline}{loss.run:.4f}  {without_controls(loss.text)}"]
    for document, (baseline_rank, run_rank) in loss.ranks.items():
        ranks = f"{_rank(baseline_rank)} -> {_rank(run_rank)}" if compared else _rank(run_rank)
        lines.append(f"    {without_controls(document)}: {ranks}")
    return lines


def _rank(rank: int | None) -> str:
    return "not found" if rank is None else f"rank {rank}"
