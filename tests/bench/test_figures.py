"""The arithmetic and the table of `make bench`, and that it never measures somebody else's port."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import accounts, table
from tests.bench.figures import (
    MET,
    MISSED,
    at_least,
    at_most,
    counted,
    figure_without_goal,
    median,
    p95,
)
from tests.bench.rig import FLOOR
from tests.bench.serving import PortTaken, Round, in_turns, served, waits


def test_a_figure_is_the_median_of_its_rounds():
    assert median([9.0, 1.0, 2.0]) == 2.0
    assert median([1.0, 2.0, 3.0, 10.0]) == 2.5


def test_one_in_twenty_exceeds_p95():
    hundred = [float(number) for number in range(1, 101)]
    assert sum(one > p95(hundred) for one in hundred) == 5
    assert p95([7.0]) == 7.0


def test_the_processor_time_of_another_process_is_what_it_says_itself():
    said = "import sys, time; print(time.process_time(), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", said], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        own = float(other.stdout.readline())
        more = accounts.processor(other.pid) - own
        other.communicate("")
    assert 0 <= more < 0.005


def test_a_cost_over_its_goal_is_missed_and_one_at_its_goal_is_met():
    assert at_most("x", [8.0], [2.0], 4).verdict == MET
    missed = at_most("x", [9.0], [2.0], 4)
    assert (missed.ratio, missed.goal, missed.verdict) == ("4.50 ×", "≤ 4 ×", MISSED)


def test_a_rate_under_its_goal_is_missed_and_one_at_its_goal_is_met():
    assert at_least("x", [600.0], [1000.0], 0.6, unit="/s").verdict == MET
    assert at_least("x", [590.0], [1000.0], 0.6, unit="/s").verdict == MISSED


def test_a_ratio_is_of_medians_and_one_wild_round_does_not_move_it():
    assert at_most("x", [3.0, 3.0, 90.0], [2.0, 0.1, 2.0], 4).ratio == "1.50 ×"


def test_a_count_has_a_goal_and_a_mere_figure_has_none():
    assert counted("statements", 10, 10).verdict == MET
    assert counted("statements", 11, 10).verdict == MISSED
    assert figure_without_goal("demo", "3.1 s")[1:] == ("3.1 s", "–", "–", "–", "–", "")


def test_rounds_are_taken_in_turns_and_the_first_pair_is_dropped():
    order: list[str] = []

    def side(name: str) -> Round:
        order.append(name)
        return Round(float(len(order)), [1.0, 2.0])

    ours, floor = in_turns(2, lambda: side("ours"), lambda: side("floor"))

    assert order == ["ours", "floor"] * 3
    assert ([one.cpu_ms for one in ours], [one.cpu_ms for one in floor]) == ([3, 5], [4, 6])
    assert waits(ours) == [1.0, 2.0, 1.0, 2.0]


def test_a_port_that_somebody_listens_on_is_refused(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(PortTaken, match=str(port)),
            served("nothing:here()", {}, log=tmp_path / "log", port=port),
        ):
            pass


def test_the_table_takes_the_place_of_the_one_before_and_leaves_the_rest(tmp_path: Path):
    page = tmp_path / "measured.md"
    page.write_text("# Measured\n\n<!-- chaos: begin -->\nkept\n<!-- chaos: end -->\n")
    before, after = at_most("old act", [1.0], [1.0], 2), at_most("new act", [3.0], [1.0], 2)

    table.record(page, [before], head="The first.")
    table.record(page, [after], head="The second.")

    text = page.read_text()
    assert "kept" in text
    assert text.count(table.BEGIN) == text.count(table.END) == 1
    assert "old act" not in text
    assert "| new act | 3 ms [3–3] | 1 ms [1–1] | 3.00 × | ≤ 2 × | missed |  |" in text
    assert "The second." in text


def test_the_summary_counts_only_what_has_a_goal():
    rows = [
        at_most("x", [1.0], [1.0], 2),
        at_most("y", [3.0], [1.0], 2),
        figure_without_goal("z", "1 s"),
    ]
    assert table.summary(rows) == "1 of 2 goals met"


@pytest.mark.slow
def test_the_app_of_the_floor_starts_behind_the_same_gunicorn_as_ours(tmp_path: Path):
    settings = {"FLOOR_DATABASE": f"sqlite:///{tmp_path}/floor.db"}
    with served(FLOOR, settings, log=tmp_path / "floor.log") as server:
        assert server.workers
