"""A dot plot of one metric of every system on every collection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_COLORS = ("#8c8c8c", "#e69f00", "#cc79a7", "#56b4e9", "#0072b2", "#009e73", "#d55e00")
"""A palette for the colour-blind (Okabe and Ito 2008)."""

_MARKERS = "os^vpDX"

_ROW_SHARE = 0.75
"""The share of the height of a row that its dots take, one below the other."""


def draw(
    figures: Mapping[str, Mapping[str, Mapping[str, float]]], measure: str, path: Path
) -> None:
    """Draw a metric into a file; its suffix is the format (.svg, .png).

    `figures` has the value of each metric, by collection and system. The file is reproducible with
    the same version of matplotlib.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.fonttype"] = "none"  # text as text: a small file that screen readers can read
    mpl.rcParams["svg.hashsalt"] = "searchd"
    from matplotlib import pyplot as plt

    names = list(figures)
    systems = list(figures[names[0]])
    figure, axes = plt.subplots(figsize=(7.5, 1.2 + 0.8 * len(names)), layout="constrained")
    for number, system in enumerate(systems):
        axes.plot(
            [figures[name][system][measure] for name in names],
            [row + _ROW_SHARE * ((number + 0.5) / len(systems) - 0.5) for row in range(len(names))],
            linestyle="none",
            marker=_MARKERS[number % len(_MARKERS)],
            color=_COLORS[number % len(_COLORS)],
            markersize=6,
            markeredgecolor="white",
            label=system,
        )
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(f"{measure} (further right is better; the scale does not begin at 0)")
    axes.grid(axis="x", color="#dddddd")
    for line in range(1, len(names)):
        axes.axhline(line - 0.5, color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper center", ncols=len(systems), frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(figure)
