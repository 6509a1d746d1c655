"""The search of the queue. Rare words start from the matching cases, common ones from the queue, so
that the cost does not grow with the number of cases.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, column, false, func, or_, select, table, true
from sqlalchemy.orm import Session

from services.review.cases import search_words
from services.review.cases.visibility import searches_everything
from services.review.models import Case, Staff
from services.review.models.people import Role

FEW_MATCHES = 2000  # a search with more matches starts from the queue
TRIGRAM = 3  # shorter words are not in the index
QUOTE = '"'


def order_by(place: Iterable[Any], *, backwards: bool) -> list[Any]:
    """The columns of a cursor, for ORDER BY."""
    return [column.desc() if backwards else column for column in place]


def matching_rows(
    session: Session, query: Select[Any], q: str, *, backwards: bool
) -> Sequence[Any]:
    """The rows that contain every word. If few cases have the words, look only at these; else read
    the queue in order until a page is full.
    """
    searched = search_words.of_query(q)
    words = {word: Case.search_text.contains(word, autoescape=True) for word in searched}
    long = [word for word in searched if len(word) >= TRIGRAM]
    if long:
        few = _with_words(session, long).limit(FEW_MATCHES + 1).cte("few")
        count = select(func.count().label("number")).select_from(few).subquery()
        short = [condition for word, condition in words.items() if word not in long]
        are_few = select(count.c.number).scalar_subquery() <= FEW_MATCHES
        rows = query.where(*short, Case.id.in_(select(few.c[0])), are_few).subquery()
        # One statement for count and rows: a separate count would read the index twice.
        both = select(count.c.number, rows).outerjoin(rows, true())
        place = (rows.c.due_on, rows.c.submitted_at, rows.c.id)
        matches = session.execute(both.order_by(*order_by(place, backwards=backwards))).all()
        if matches[0].number <= FEW_MATCHES:
            return [row for row in matches if row.id is not None]
    return session.execute(query.where(*words.values())).all()


def not_by_hidden_people(member: Staff, q: str) -> list[ColumnElement[bool]]:
    """Conditions by which a person does not find a case by people whom they may not read of."""
    if searches_everything(member):
        return []
    public = func.coalesce(Case.search_public, Case.search_text)
    own = Case.owner_id == member.id if member.role == Role.ASSESSOR else false()
    return [or_(own, public.contains(word, autoescape=True)) for word in search_words.of_query(q)]


def _with_words(session: Session, words: list[str]) -> Select[Any]:
    """The ids of the cases that contain all of these words."""
    if session.get_bind().dialect.name == "sqlite":
        quoted = (word.replace(QUOTE, QUOTE * 2) for word in words)
        phrase = " ".join(f"{QUOTE}{word}{QUOTE}" for word in quoted)
        rows = table("case_search_rows", column("id"), column("case_id", Case.id.type))
        index = table("case_search", column("rowid"), column("words"))
        ids = select(rows.c.case_id).join(index, index.c.rowid == rows.c.id)
        return ids.where(index.c.words.match(phrase))
    return select(Case.id).where(
        *(Case.search_text.contains(word, autoescape=True) for word in words)
    )
