"""Insert generated cases into the databases of review and intake in batches."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, insert, select

from infra.tools import sample_cases
from infra.tools.load_data import lives, patterns, rows, wording
from infra.tools.load_data.lives import Member, Office
from infra.tools.load_data.patterns import Pattern
from infra.tools.load_data.rows import Rows, Story
from infra.tools.load_data.wording import Mailbox
from services.intake.models import Person
from services.review.models import Case
from services.review.staff import people
from shared import db, references
from shared.profile import Profile, versions
from shared.profile.offices import office_of

Apps = Mapping[str, Flask]
BATCH = 2000  # cases per transaction
KNOWN = 400  # recent people who may submit another idea
SPANISH = 0.09
_SIGNS = references.LETTERS + references.DIGITS
_WIDTHS = (
    30,
    30,
    8,
    30,
    30,
    8,
    30,
    30,
)  # the number of characters for each position of a reference
_ALL, _STEP = 46_656_000_000, 28_657_000_003  # the number of references, and a step coprime to it


class Full(Exception):
    """The database has cases already; the message says what to do."""


def refuse_full(apps: Apps) -> None:
    """Raise Full if there are cases."""
    if _cases_in(apps):
        raise Full("The database already has cases; use --add to add more.")


def fill(
    apps: Apps, *, number: int, seed: int, until: datetime, names: str = "example"
) -> Iterator[int]:
    """Insert `number` cases; yield the number inserted so far after each batch.

    `names` is the profile whose sample staff are added to an office without staff. Without an app
    of intake only review is filled, with the same cases.
    """
    existing = _cases_in(apps)
    random = Random(f"{seed}:{number}")  # noqa: S311 - reproducible, no secret
    with apps["review"].app_context():
        office = _office(names, until)
    town = Town(random, _known(apps))
    shapes = patterns.of(office.profile, random=random)
    moments = lives.arrivals(office, number, random=random)
    for start in range(0, number, BATCH):
        made = Rows.none()
        for place, at in enumerate(moments[start : start + BATCH], start=start):
            story = _story(office, town, random.choice(shapes), at, existing + place)
            rows.add(made, office, story, random=random, for_intake="intake" in apps)
        made.intake[Person] += town.newcomers()
        for service in apps.keys() & {"intake", "review"}:
            with (
                apps[service].app_context(),
                db.begin() as session,
            ):  # plain rows, without ORM objects
                for table, some in getattr(made, service).items():
                    if some:
                        session.connection().execute(_put(table.__table__), some)
        yield min(start + BATCH, number)


@cache
def _put(table: Any) -> Any:
    """With RETURNING, SQLAlchemy inserts many rows per statement, which is faster."""
    return insert(table).returning(*table.primary_key)


def _known(apps: Apps) -> dict[str, UUID]:
    """The people in intake, by address."""
    if "intake" not in apps:
        return {}
    with apps["intake"].app_context(), db.read() as session:
        rows = session.execute(select(Person.address, Person.id))
        return {address: person_id for address, person_id in rows}


def _cases_in(apps: Apps) -> int:
    with apps["review"].app_context(), db.read() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


class Town:
    """The people who have submitted ideas."""

    def __init__(self, random: Random, ids: dict[str, UUID]):
        self.random = random
        self.ids = ids
        self.known: list[Mailbox] = []
        self.fresh: list[dict[str, Any]] = []

    def somebody(self, field: dict[str, Any], *, language: str, campus: str) -> Mailbox:
        """A new person, or now and then an earlier one."""
        if self.known and self.random.random() < 0.2:
            old = self.random.choice(self.known)
            if old.address.endswith(campus or ".example") and (
                campus or "-edu." not in old.address
            ):
                return old
        who = wording.mailbox(self.random, field, language=language, campus=campus)
        given, _, domain = who.address.partition("@")
        turn = 1
        while who.address in self.ids:
            turn += 1
            who = who._replace(address=f"{given}{turn}@{domain}")
        self.known = [*self.known[-KNOWN:], who]
        return who

    def person(self, who: Mailbox, at: datetime) -> UUID:
        """The id of a mailbox; new people wait to be inserted."""
        if who.address not in self.ids:
            self.ids[who.address] = rows.new_id(self.random)
            self.fresh.append({"id": self.ids[who.address], "address": who.address,
                               "verified_at": None, "created_at": at})  # fmt: skip
        return self.ids[who.address]

    def newcomers(self) -> list[dict[str, Any]]:
        """The new people since the last call."""
        fresh, self.fresh = self.fresh, []
        return fresh


def reference(place: int) -> str:
    """The reference of the case at this position; unique, and unlike its neighbors."""
    number, signs = (place + 1_000_003) * _STEP % _ALL, []
    for width in _WIDTHS:
        number, sign = divmod(number, width)
        signs.append((_SIGNS if width == len(_SIGNS) else references.DIGITS)[sign])
    return "".join(signs)


def _story(office: Office, town: Town, pattern: Pattern, at: datetime, place: int) -> Story:
    random, profile = town.random, office.profile
    inside = pattern.branch in ("faculty", "staff")
    spanish = "es" in profile.languages and random.random() < SPANISH
    language = "es" if spanish else profile.languages[0]
    idea = wording.idea(random, place, language=language)
    campus = "campus-edu.example" if inside else ""
    who, *others = (town.somebody(idea.field, language=language, campus=campus)
                    for _ in range(random.choice((2, 2, 2, 3))))  # fmt: skip
    unit = _unit(profile, idea.field, pattern.branch, random) if inside else ""
    others = [one for one in others if one.address != who.address][: 2 if pattern.people else 0]
    answers = patterns.filled(pattern, idea, who, unit=unit, others=others)
    where = office_of(profile, answers)["value"]
    title = str(answers[pattern.keys["title"]])
    mailboxes = {one.address: one for one in (who, *others)}
    life = lives.simulate(office, at, where=where, random=random)
    return Story(
        reference=reference(place),
        language=language,
        branch=pattern.branch,
        office=where,
        title=title,
        organization=str(answers.get(pattern.keys.get("organization", ""), "")),
        flags=patterns.flags_of(profile, pattern, answers, unit=unit),
        answers=answers,
        people=[(town.person(one, at), one) for one in mailboxes.values()],
        life=life,
    )


def _unit(profile: Profile, field: dict[str, Any], branch: str, random: Random) -> str:
    """A unit that fits the field and the branch."""
    kind = {"faculty": "academic", "staff": "non_academic"}.get(branch)
    of_kind = [unit for unit in profile.units if unit["kind"] == kind] or profile.units
    fits = [unit for unit in of_kind
            if any(word in unit["label"].casefold() for word in field["units"])]  # fmt: skip
    return str(random.choice(fits or of_kind)["value"])


def _office(names: str, until: datetime) -> Office:
    """The staff; those of the demo if there are none yet."""
    with db.begin() as session:
        profile = versions.in_force(session)
        for person in sample_cases.people(names).values():
            if people.find(session, email=person["email"]) is None:
                people.add(session, **person)
        members = [Member(one.id, one.name, one.role, one.office)
                   for one in people.case_workers(session) if one.active]  # fmt: skip
    return Office(profile, members, until)
