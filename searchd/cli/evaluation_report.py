"""How the measures of an evaluation are printed. Needs the extra `evaluate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from searchd.cli.terminal import without_controls
from searchd.evaluation.metrics import mean, measure
from searchd.evaluation.qrels import Qrels
from searchd.evaluation.runs import Run
from searchd.evaluation.significance import Comparison, compare, lost_most

_DECIDING = "nDCG@10"
"""The measure by which questions are said to have lost."""

_SHOWN_DOCUMENTS = 3


@dataclass(frozen=True, slots=True)
class Loss:
    """A question with its measure before and after.

    `ranks` has the best relevant documents with their ranks before and after, None where a
    document was not found. Without a baseline `before` is 1, and the rank before None.
    """

    query: str
    text: str
    before: float
    after: float
    ranks: dict[str, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Report:
    """The means of all questions, beside those of a baseline where there is one."""

    questions: int
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
        """Measure a run, compare it, and find the questions that lost most."""
        values = measure(qrels, run)
        compared = None
        before = dict.fromkeys(qrels, 1.0)
        if baseline is not None:
            earlier = measure(qrels, baseline)
            compared = {name: compare(earlier[name], values[name]) for name in values}
            before = earlier[_DECIDING]
        losses = tuple(
            Loss(
                query,
                queries[query],
                first,
                second,
                _ranks(qrels[query], (baseline or {}).get(query, {}), run[query]),
            )
            for query, first, second in lost_most(before, values[_DECIDING], worst)
        )
        return cls(
            len(qrels), {name: mean(each) for name, each in values.items()}, compared, losses
        )

    def to_text(self) -> str:
        """Return the table, and below it the questions that lost most."""
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
                "baseline": each.before,
                "difference": each.difference,
                "p": each.p,
                "better": each.better,
                "worse": each.worse,
                "equal": each.equal,
            }
        return {
            "questions": self.questions,
            "measures": measures,
            "worst": [self._loss_to_dict(loss) for loss in self.losses],
        }

    def _loss_to_dict(self, loss: Loss) -> dict[str, Any]:
        compared = self.compared is not None
        return {
            "id": loss.query,
            "text": loss.text,
            _DECIDING: loss.after,
            **({"baseline": loss.before} if compared else {}),
            "relevant": [
                {"id": document, "rank": after, **({"baseline": before} if compared else {})}
                for document, (before, after) in loss.ranks.items()
            ],
        }


def _ranks(
    judged: Mapping[str, int], before: Mapping[str, float], after: Mapping[str, float]
) -> dict[str, tuple[int | None, int | None]]:
    best = sorted(judged, key=lambda document: -judged[document])
    first, second = _numbered(before), _numbered(after)
    return {
        document: (first.get(document), second.get(document))
        for document in best[:_SHOWN_DOCUMENTS]
        if judged[document] > 0
    }


def _numbered(found: Mapping[str, float]) -> dict[str, int]:
    return {document: rank for rank, document in enumerate(found, start=1)}


def _row(name: str, each: Comparison) -> str:
    return (
        f"{name:<10}  {each.after:>8.4f}  {each.before:>8.4f}  {each.difference:>+10.4f}  {each.p:>7.4f}"
        f"  {each.better:>6,}  {each.worse:>6,}  {each.equal:>6,}"
    )


def _describe(loss: Loss, *, compared: bool) -> list[str]:
    before = f"{loss.before:.4f} -> " if compared else ""
    lines = [f"{loss.query}  {before}{loss.after:.4f}  {without_controls(loss.text)}"]
    for document, (first, second) in loss.ranks.items():
        ranks = f"{_rank(first)} -> {_rank(second)}" if compared else _rank(second)
        lines.append(f"    {without_controls(document)}: {ranks}")
    return lines


def _rank(rank: int | None) -> str:
    return "not found" if rank is None else f"rank {rank}"
