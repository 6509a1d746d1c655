"""The arithmetic of the table: medians, percentiles, ratios and rows."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple

MET, MISSED = "met", "missed"


class Row(NamedTuple):
    """One line of the table; "–" stands for a missing floor, ratio or goal."""

    act: str
    ours: str
    floor: str = "–"
    ratio: str = "–"
    goal: str = "–"
    verdict: str = "–"
    reason: str = ""


def median(values: Sequence[float]) -> float:
    """The median of several rounds."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]


def spread(values: Sequence[float], unit: str) -> str:
    """The median with the minimum and maximum."""
    low, high = _short(min(values)), _short(max(values))
    return f"{_short(median(values))} {unit} [{low}–{high}]"


def at_most(
    act: str, ours: Sequence[float], floor: Sequence[float], most: float, *, unit: str = "ms"
) -> Row:
    """A cost that may be at most this multiple of the floor."""
    times = median(ours) / median(floor)
    return _compared(act, (spread(ours, unit), spread(floor, unit)), times, f"≤ {most:g} ×",
                     good=times <= most)  # fmt: skip


def at_least(
    act: str, ours: Sequence[float], floor: Sequence[float], least: float, *, unit: str
) -> Row:
    """A rate that must reach this share of the floor."""
    times = median(ours) / median(floor)
    return _compared(act, (spread(ours, unit), spread(floor, unit)), times, f"≥ {least:g} ×",
                     good=times >= least)  # fmt: skip


def counted(act: str, number: float, most: float, *, unit: str = "") -> Row:
    """A count with its maximum."""
    shown = f"{_short(number)} {unit}".strip()
    verdict = MET if number <= most else MISSED
    return Row(act, shown, goal=f"≤ {most:g} {unit}".strip(), verdict=verdict)


def figure_without_goal(act: str, figure: str) -> Row:
    """A figure without a goal."""
    return Row(act, figure)


def _compared(act: str, sides: tuple[str, str], times: float, goal: str, *, good: bool) -> Row:
    return Row(act, *sides, f"{times:.2f} ×", goal, MET if good else MISSED)


def _short(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
