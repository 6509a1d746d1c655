"""Search text without accents, so that “garcia” finds García."""

import sqlalchemy as sa
from alembic import op

from shared import typed

revision = "0016"
down_revision = "0015"

BATCH = 1000


def upgrade() -> None:
    cases = sa.table("cases", sa.column("id", sa.Uuid), sa.column("search_text", sa.Text))
    connection = op.get_bind()
    last = None
    while True:
        page = sa.select(cases.c.id, cases.c.search_text).order_by(cases.c.id).limit(BATCH)
        if last is not None:
            page = page.where(cases.c.id > last)
        rows = connection.execute(page).all()
        for case_id, words in rows:
            key = typed.search_key(words)
            if key != words:
                change = sa.update(cases).where(cases.c.id == case_id).values(search_text=key)
                connection.execute(change)
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def downgrade() -> None:
    """Leave the text: a search of the release before finds it too, apart from accents."""
