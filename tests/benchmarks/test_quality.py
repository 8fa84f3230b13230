"""`python -m benchmarks.quality`: the table, the JSON file and the plot have the same figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import quality
from searchd.evaluation.metrics import MEASURES


def test_table_json_and_plot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra bench")
    pytest.importorskip("snowballstemmer", reason="needs the extra bench")
    monkeypatch.delenv("SEARCHD_TEST_DATA", raising=False)
    figures, plot = tmp_path / "quality.json", tmp_path / "quality.svg"
    monkeypatch.setattr(sys, "argv", ["quality", "--json", str(figures), "--plot", str(plot)])
    quality.main()
    _versions, _blank, header, _rule, *rows = capsys.readouterr().out.splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [row[:2] for row in cells] == [["corpus", name] for name in quality.SYSTEMS]
    assert list(MEASURES) == [cell.strip() for cell in header.split("|")][3:7]
    written = json.loads(figures.read_text("utf-8"))["corpus"]
    assert [row[2:6] for row in cells] == [
        [f"{value:.4f}" for value in written[name].values()] for name in quality.SYSTEMS
    ]
    by_name = {row[1]: row for row in cells}
    assert by_name["default"][6:] == ["", ""]
    assert float(by_name["surface"][6]) > 0.05
    assert float(by_name["surface"][7]) < 0.05
    drawn = plot.read_text("utf-8")
    assert all(f">{name}</text>" in drawn for name in ("corpus", *quality.SYSTEMS))
    assert len(drawn) < 60_000
