"""Column for the search of roles that may not read who else is listed on a proposal."""

import sqlalchemy as sa
from alembic import op

from shared.typed import search_key

revision = "0019"
down_revision = "0018"

CASES = sa.table(
    "cases",
    sa.column("id", sa.Uuid()),
    sa.column("people", sa.JSON()),
    sa.column("search_text", sa.Text()),
    sa.column("search_public", sa.Text()),
)
BATCH = 500


def upgrade() -> None:
    op.add_column("cases", sa.Column("search_public", sa.Text()))
    link = op.get_bind()
    query = sa.select(CASES.c.id, CASES.c.people, CASES.c.search_text)
    for row in link.execute(query).yield_per(BATCH).all():
        if len(row.people) > 1:
            change = CASES.update().where(CASES.c.id == row.id)
            link.execute(change.values(search_public=_without_others(row.search_text, row.people)))


def _without_others(text: str, people: list[dict[str, str]]) -> str:
    """Each person has a line of the text; only that of the proposer, the first, stays."""
    others = {search_key(f"{each['name']} {each['address']}") for each in people[1:]}
    return "\n".join(line for line in text.split("\n") if line not in others)
