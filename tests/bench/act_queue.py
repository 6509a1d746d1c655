"""The pages of the office with many cases beside the same with few, on both databases.

The processor time of PostgreSQL counts with that of the web process here: a query that grows must
not hide in another process.
"""

import re
import time
from collections.abc import Callable
from functools import cache, partial
from statistics import fmean
from urllib.parse import quote_plus, urlencode

from infra.tools.load_data import EXPECTED
from tests.bench import crowds
from tests.bench.crowds import Office
from tests.bench.figures import Row, at_most, median, p95
from tests.bench.rig import Rig
from tests.bench.serving import Round, cpu, in_turns, measure_round, waits
from tests.bench.visitor import Visitor

TAB = re.compile(r'href="(/\?tab=[a-z_]+)"')
SELECT = re.compile(r'<select id="\w+" name="(\w+)">(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"')
CASE = re.compile(r'href="(/cases/[^"?#/]+)"')
NAMES = {"rare": "a rare word", "common": "a common word", "two": "two words"}
BRISK = 120.0  # seconds for all cases; slower machines make half the visits, to end in time
Sides = tuple[list[Round], list[Round]]
Pair = tuple[tuple[Office, str], tuple[Office, str]]


def queue(rig: Rig) -> list[Row]:
    """The queue compared with a bare page of the same rows, and its growth on both databases."""
    rows = []
    began = time.monotonic()
    both = crowds.filled(rig)
    visits = 20 if time.monotonic() - began < BRISK else 10
    print(
        f"  (cases made in {time.monotonic() - began:.0f} s, {visits} visits a round)", flush=True
    )
    for made in both:
        with crowds.offices(rig, made) as (large, small):
            if made.kind == "postgresql":
                rows.append(_beside_a_bare_page(rig, large))
            rows += _grown(rig, made.kind, large, small, visits)
    return rows


def _grown(rig: Rig, kind: str, large: Office, small: Office, visits: int) -> list[Row]:
    pages = [one.visitors[0].get("/").text for one in (large, small)]
    views = sorted(set(TAB.findall(pages[0])))
    filters = list(
        zip(*map(_filters, pages), strict=True)
    )  # people have other ids in the other database
    alike = [
        _as_full(list(zip(views, views, strict=True)), large, small),
        _as_full(filters, large, small),
    ]
    acts = [
        ("queue page", [("/", "/")], 1.15),
        (f"views ({len(alike[0])} of {len(views)} as full on both), the worst", alike[0], 1.15),
        (f"filters ({len(alike[1])} of {len(filters)} as full on both), the worst", alike[1], 1.15),
        ("case page", [tuple(CASE.findall(page)[0] for page in pages)], 1.15),
    ]
    for word, sought in EXPECTED.items():
        path = f"/?tab=all&q={quote_plus(sought)}"
        acts.append((f"search, {NAMES[word]}", [(path, path)], 2))
    rows = []
    for name, paths, most in acts:
        sizes = f"{rig.size.many:,} cases beside {rig.size.few:,}"
        pairs = [((large, one[0]), (small, one[1])) for one in paths]
        rows += _worst(rig, f"{name}, {kind}, {sizes}", pairs, most, visits)
    return rows


def _as_full(paths: list[tuple[str, str]], large: Office, small: Office) -> list[tuple[str, str]]:
    """The filters with equally many rows on both sides; others would compare row counts."""

    def rows(office: Office, path: str) -> int:
        return office.visitors[0].get(path).text.count('role="row"')

    return [pair for pair in paths if rows(large, pair[0]) == rows(small, pair[1])]


def _measured(sides: Pair, *, rounds: int, visits: int) -> Sides:
    def side(office: Office, path: str) -> Callable[[], Round]:
        def visit(visitor: Visitor) -> None:
            visitor.get(path)

        # By one visitor: waits of several are queueing.
        return lambda: measure_round(office.server, office.visitors[:1], visit, times=visits)

    large, small = in_turns(rounds, *(side(*one) for one in sides))
    return large, small


def _worst(rig: Rig, name: str, pairs: list[Pair], most: float, visits: int) -> list[Row]:
    """Of several addresses the one that grew most, by processor and by wait.

    Of many that one is found in one round and measured once more, and that is what is quoted:
    the worst of many noisy figures is mostly the noisiest.
    """
    # Many short rounds: what the machine does beside falls upon both sides alike.
    whole = partial(_measured, rounds=12 if rig.size.rounds > 1 else 1, visits=visits)
    brief = partial(_measured, rounds=1, visits=10)
    alone = len(pairs) == 1
    measured = [whole(pair) if alone else brief(pair) for pair in pairs]

    @cache
    def again(place: int) -> Sides:
        return whole(pairs[place])

    rows = []
    for unit in ("CPU", "p95"):
        worst = max(range(len(pairs)), key=lambda place: _ratio(unit, measured[place]))
        large, small = measured[worst] if alone else again(worst)
        ours, floor = (_by_twos(unit, side) for side in (large, small))
        row = at_most(f"{name} ({unit})", ours, floor, most)
        rows.append(row if alone else row._replace(reason=pairs[worst][0][1]))
    return rows


def _by_twos(unit: str, rounds: list[Round]) -> list[float]:
    """One figure per two rounds: the p95 of a single round is nearly its maximum."""
    twos = [rounds[at : at + 2] for at in range(0, len(rounds), 2)]
    return [fmean(cpu(two)) if unit == "CPU" else p95(waits(two)) for two in twos]


def _ratio(unit: str, sides: Sides) -> float:
    large, small = (median(_by_twos(unit, side)) for side in sides)
    return large / small


def _filters(page: str) -> list[str]:
    """Each filter of the page, with its first and last choice."""
    rows = []
    for name, inside in SELECT.findall(page):
        options = OPTION.findall(inside)
        ends = dict.fromkeys(options[:1] + options[-1:])
        rows += [f"/?{urlencode({name: value})}" for value in ends]
    return rows


def _beside_a_bare_page(rig: Rig, large: Office) -> Row:
    """Only the web processes: the query is the same on both sides."""
    ours = large.server._replace(also=())
    database = large.settings["OVERTURE_DATABASE_URL"].replace("{service}", "review")
    times = rig.size.visits // 2

    def open_ours(visitor: Visitor) -> None:
        visitor.get("/")

    def open_bare(visitor: Visitor) -> None:
        visitor.get("/queue")

    with rig.floor(database=database, queue="yes") as floor:
        strangers = [Visitor(floor.url) for _ in range(crowds.CLIENTS)]
        rounds = in_turns(
            rig.size.rounds,
            lambda: measure_round(ours, large.visitors, open_ours, times=times),
            lambda: measure_round(floor, strangers, open_bare, times=times),
        )
    name = "queue page beside a bare page of the same rows (CPU)"
    return at_most(name, cpu(rounds[0]), cpu(rounds[1]), 2)
