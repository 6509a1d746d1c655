"""The search of the queue: begins with the few cases that have the words or, where they are common,
with the queue itself, so that it costs no more because there are many cases.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, column, func, select, table, true
from sqlalchemy.orm import Session

from services.review.models import Case

FEW_MATCHES = 2000  # cases with the words, up to which a search begins with them
TRIGRAM = 3  # characters that a word must have to be in the index
QUOTE = '"'


def order_by(place: Iterable[Any], *, backwards: bool) -> list[Any]:
    """The columns of a place in the queue, for ORDER BY."""
    return [one.desc() if backwards else one for one in place]


def matching_rows(
    session: Session, query: Select[Any], q: str, *, backwards: bool
) -> Sequence[Any]:
    """The rows that have every word as it is written, somewhere. If few cases have the words, these
    say where to look; else what comes first in the queue is read until a page is full.
    """
    typed = list(dict.fromkeys(q.casefold().split()))
    words = {word: Case.search_text.contains(word, autoescape=True) for word in typed}
    long = [word for word in typed if len(word) >= TRIGRAM]
    if long:
        few = _with_words(session, long).limit(FEW_MATCHES + 1).cte("few")
        count = select(func.count().label("number")).select_from(few).subquery()
        rest = [one for word, one in words.items() if word not in long]
        here = select(count.c.number).scalar_subquery() <= FEW_MATCHES
        rows = query.where(*rest, Case.id.in_(select(few.c[0])), here).subquery()
        # Counted and looked up in one: a count apart would read the index twice.
        both = select(count.c.number, rows).outerjoin(rows, true())
        place = (rows.c.due_on, rows.c.submitted_at, rows.c.id)
        found = session.execute(both.order_by(*order_by(place, backwards=backwards))).all()
        if found[0].number <= FEW_MATCHES:
            return [row for row in found if row.id is not None]
    return session.execute(query.where(*words.values())).all()


def _with_words(session: Session, words: list[str]) -> Select[Any]:
    """The ids of cases that have all of these words."""
    if session.get_bind().dialect.name == "sqlite":
        quoted = (word.replace(QUOTE, QUOTE * 2) for word in words)
        said = " ".join(f"{QUOTE}{word}{QUOTE}" for word in quoted)
        rows = table("case_search_rows", column("id"), column("case_id", Case.id.type))
        index = table("case_search", column("rowid"), column("words"))
        found = select(rows.c.case_id).join(index, index.c.rowid == rows.c.id)
        return found.where(index.c.words.match(said))
    return select(Case.id).where(
        *(Case.search_text.contains(word, autoescape=True) for word in words)
    )
