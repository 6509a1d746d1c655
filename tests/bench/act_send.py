"""Submitting by check page and API, compared with two rows in one transaction."""

import json
import uuid

from tests.bench import drafts
from tests.bench.drafts import Ready
from tests.bench.figures import Row, at_most
from tests.bench.rig import Rig
from tests.bench.serving import Round, Server, Visit, cpu, in_turns, measure_round
from tests.bench.visitor import Visitor
from tests.factories import sample

CLIENTS = 4  # enough to reach both workers


def send(rig: Rig) -> list[Row]:
    """Check and submit a draft with forty answers."""
    answers = drafts.forty()
    times = rig.size.sends
    count = (rig.size.rounds + 1) * (times + CLIENTS)
    ready = drafts.ready(rig.apps["intake"], count, answers)
    with rig.ours("intake", rig.production) as ours, rig.floor() as floor:
        rounds = in_turns(
            rig.size.rounds,
            lambda: measure_round(ours, _strangers(ours), _sending(ready), times=times),
            lambda: _two_rows(floor, answers, times=times),
        )
    name = "check your answers GET + send POST, 40 answers (CPU)"
    return [at_most(name, cpu(rounds[0]), cpu(rounds[1]), 4)]


def api(rig: Rig) -> list[Row]:
    """The largest sample by the API."""
    body = json.dumps(sample(drafts.LARGEST)).encode()
    times = rig.size.sends

    def post(visitor: Visitor) -> None:
        visitor.send("/api/v1/proposals", body, key=uuid.uuid4().hex)

    with rig.ours("intake", rig.production) as ours, rig.floor() as floor:
        rounds = in_turns(
            rig.size.rounds,
            lambda: measure_round(ours, _strangers(ours), post, times=times),
            lambda: _two_rows(floor, drafts.largest(), times=times),
        )
    return [
        at_most("API submission of the largest sample (CPU)", cpu(rounds[0]), cpu(rounds[1]), 3)
    ]


def _sending(ready: Ready) -> Visit:
    """Each visit uses another browser with its own draft, on the same connection."""

    def visit(visitor: Visitor) -> None:
        cookies, address = ready.drafts.pop()
        visitor.cookies = dict(cookies)
        hidden = visitor.get(f"{address}/check").hidden
        visitor.fill(f"{address}/send", [*hidden.items(), *ready.fields])

    return visit


def _two_rows(floor: Server, given: dict[str, object], *, times: int) -> Round:
    body = json.dumps(given).encode()

    def visit(visitor: Visitor) -> None:
        visitor.send("/two-rows", body)

    return measure_round(floor, _strangers(floor), visit, times=times * 4)  # short, so more of them


def _strangers(server: Server) -> list[Visitor]:
    return [Visitor(server.url) for _ in range(CLIENTS)]
