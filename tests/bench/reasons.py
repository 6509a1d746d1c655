"""Why a goal is missed, in the words of whoever looked: shown only beside an act that misses it.

The key is how the name of the act begins. A reason comes from a profile, not from a guess; one
whose cause has been mended goes.
"""

from tests.bench.figures import MISSED, Row

WHY: dict[str, str] = {}


def explained(row: Row) -> Row:
    """The row with its reason, where it misses its goal and somebody knows why."""
    if row.verdict != MISSED:
        return row
    known = [why for act, why in WHY.items() if row.act.startswith(act)]
    return row._replace(reason="; ".join([row.reason, *known] if row.reason else known))
