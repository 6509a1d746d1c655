"""The known reasons for missed goals, shown beside an act that misses its goal.

The key is the beginning of the act's name. A reason comes from a profile, not from a guess. Delete
a reason once its cause is fixed.
"""

from tests.bench.figures import MISSED, Row

FEW = (
    "of the statements only the counts behind the tabs cost more (0.7 ms on PostgreSQL, 0.1 on"
    " SQLite): they stop at a thousand, which a small office does not reach; the rest is the"
    " spread of so few waits"
)
WHY: dict[str, str] = {
    "check your answers GET": (
        "two requests and eleven statements (one and ten) beside one request with two: SQLAlchemy"
        " and the driver have 46 % of it (writing five rows 20, the draft twice 11, the people of"
        " the proposal 5), the page with forty answers in words 16, the schema 14, the two events 5"
    ),
    "API submission": (
        "ten statements beside two: two thirds are SQLAlchemy and the driver, a sixth the schema"
        " over fifty-eight answers, a tenth the two events"
    ),
    "start page": (
        "two fifths of it compress the page, from 7.9 to 3.2 KB, which the floor does not do"
    ),
    "one section": "the spread of a busy machine: 1.18, 1.23 and 1.32 in three runs of one day",
    "a consumer": (
        "four round trips to the database an event beside three (BEGIN, the key with what is known"
        " of it, the effect if the proposal is ours, COMMIT), each through SQLAlchemy: they are"
        " three quarters of it, the two schemas and the JSON a tenth"
    ),
    "relay": (
        "the floor has no database; to publish costs ours as much as the floor, in the same"
        " library, and to claim, lock and mark the events before and after it two thirds of that"
    ),
    "sender": (
        "the floor has no database; ours claims, marks, records and tells of each mail, up to"
        " sixteen in one transaction, and the relay publishes what is told in the same process."
        " Of 1.1 ms of processor a mail in a quick hour ours computes 0.68 (the writer 0.28, the"
        " lanes 0.32, the relay 0.08), PostgreSQL 0.27, RabbitMQ 0.09; the floor and its server"
        " have 0.26. Sixteen mails a transaction are as many as one crash may leave in doubt"
    ),
    "submit": (
        "a submission is six events in eight deliveries, where the floor has one: the receipt"
        " waits for two cores on which the case is opened and the office's mail is written too;"
        " about 120 ms of processor a submission, of which the sender's process has a third"
    ),
    "the same, embedded": "the same eight deliveries, and looks at files every 5 to 20 ms",
    "queue page beside": (
        "the bare page has neither session, tabs with counts, filters nor flags, which are four"
        " more statements; of ours two fifths are the template"
    ),
    "queue page, ": FEW,
    "views (": FEW,
    "filters (": FEW,
    "search, two words": (
        "587 cases have the words beside 3: the index of words is read for them once, and a full"
        " page of rows is made beside four"
    ),
}


def explained(row: Row) -> Row:
    """The row, with the reason for a missed goal if it is known."""
    if row.verdict != MISSED:
        return row
    known = [why for act, why in WHY.items() if row.act.startswith(act)]
    return row._replace(reason="; ".join([row.reason, *known] if row.reason else known))
