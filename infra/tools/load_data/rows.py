"""The rows of one case in review and in intake."""

from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from infra.tools.load_data import views, wording
from infra.tools.load_data.lives import Decision, Life, Office
from infra.tools.load_data.wording import Mailbox
from services.intake import models as intake
from services.review import models as review
from services.review.cases import deadlines, search_index
from services.review.models.states import PROBLEM_MAIL
from shared import calendar, dates, references
from shared.profile import text

Row = dict[str, Any]
FATES = [("sent", None)] * 300 + [
    ("bounced", "550 5.1.1 No such user"),
    ("failed", "554 5.7.1 Refused"),
]


class Story(NamedTuple):
    """The data from which the rows of one case are made."""

    reference: str
    language: str
    branch: str
    office: str
    title: str
    organization: str
    flags: tuple[str, ...]  # that the answers raise
    answers: Row
    people: list[tuple[UUID, Mailbox]]  # the proposer first
    life: Life


class Rows(NamedTuple):
    """Rows by table, of each service."""

    review: dict[Any, list[Row]]
    intake: dict[Any, list[Row]]

    @classmethod
    def none(cls) -> "Rows":
        """No rows, with the tables in the order of inserting."""
        ours = (review.Case, review.CaseFlag, review.Audit, review.Letter, review.MailStatus)
        theirs = (intake.Person, intake.Proposal, intake.ProposalPerson, intake.CaseView)
        return cls(
            {table: [] for table in (*ours, review.Post)},
            {table: [] for table in (*theirs, intake.MailStatus, intake.Post)},
        )


def add(
    rows: Rows, office: Office, story: Story, *, random: Random, for_intake: bool = True
) -> None:
    """Add the rows of one case for review and intake."""
    case = _case(office, story, random)
    seen = cast(review.Case, SimpleNamespace(**case))
    case["due_on"] = deadlines.next_due_on(seen)
    _warned(office, case, seen)
    case["search_text"] = search_index.search_text(seen, office.profile)
    case["search_public"] = search_index.search_public(seen, office.profile)
    ids = {"case_id": case["id"], "proposal_id": case["proposal_id"]}
    letters = [_letter(office, story, ids["case_id"], one, random) for one in story.life.decisions]
    fates = _fates(story, ids["proposal_id"], random)
    rows.review[review.Case].append(case)
    rows.review[review.CaseFlag] += _flags(office, story, case, fates)
    rows.review[review.Audit] += _audit(story.life, ids["case_id"])
    rows.review[review.Letter] += letters
    posts = _posts(story, ids["proposal_id"], random)
    for side, fate, post in ((rows.review, review.MailStatus, review.Post),
                             (rows.intake, intake.MailStatus, intake.Post)):  # fmt: skip
        side[fate] += fates
        side[post] += posts
    if not for_intake:
        return
    rows.intake[intake.Proposal].append(views.proposal(case, story.life))
    rows.intake[intake.ProposalPerson] += [
        {"proposal_id": ids["proposal_id"], "person_id": one, "name": who.name, "place": place,
         "role": "co_proposer" if place else "proposer", "state": "invited" if place else "active"}
        for place, (one, who) in enumerate(story.people)
    ]  # fmt: skip
    rows.intake[intake.CaseView].append(views.view(office, story.life, case, letters))


def _warned(office: Office, case: Row, seen: review.Case) -> None:
    """Mark the reminders until the last day as sent."""
    today = calendar.local_day(office.profile, office.now)
    alarms = deadlines.reminders(seen, profile=office.profile)
    seen.warned = case["warned"] = [one.key for one in alarms if one.on <= today]
    case["warn_on"] = deadlines.next_reminder_on(seen, profile=office.profile)


def new_id(random: Random) -> UUID:
    """A version 4 UUID from this random generator."""
    return UUID(int=random.getrandbits(128), version=4)


def _case(office: Office, story: Story, random: Random) -> Row:
    life = story.life
    done = [row for row in life.actions if row.action != "looked"]
    return {
        "id": new_id(random),
        "proposal_id": new_id(random),
        "reference": story.reference,
        "version": life.publications,
        "revision": len(done),
        "state": life.state,
        "public_label": life.label,
        "office": story.office,
        "owner_id": life.owner.id if life.owner else None,
        "opened_at": life.at,
        "changed_at": done[-1].at,
        "first_reply_at": life.first_reply_at,
        "outcome": life.outcome,
        "deferred_until": life.deferred_until,
        "proposal_version": 2 if life.state == "withdrawn" else 1,
        "branch": story.branch,
        "language": story.language,
        "profile_version": office.profile.version,
        "title": story.title,
        "organization": story.organization,
        "answers": story.answers,
        "people": [
            {"person_id": str(one), "name": who.name, "address": who.address,
             "role": "co_proposer" if place else "proposer",
             "state": "invited" if place else "active"}
            for place, (one, who) in enumerate(story.people)
        ],
        **life.promises,
        "submitted_at": life.at,
    }  # fmt: skip


def _flags(office: Office, story: Story, case: Row, fates: list[Row]) -> list[Row]:
    raised = list(story.flags)
    if story.language != office.profile.languages[0]:
        raised.append("other_language")
    if any(fate["state"] in PROBLEM_MAIL for fate in fates):
        raised.insert(0, "mail_failed")
    return [
        {"case_id": case["id"], "flag": flag, "place": place,
         "due_on": case["due_on"], "submitted_at": case["submitted_at"]}
        for place, flag in enumerate(raised)
    ]  # fmt: skip


def _audit(life: Life, case_id: UUID) -> list[Row]:
    return [
        {"case_id": case_id, "revision": place, "at": row.at, "action": row.action,
         "staff_id": row.by.id if row.by else None, "from_state": row.was,
         "to_state": row.now, "reason": row.reason}
        for place, row in enumerate(life.actions, start=1)
    ]  # fmt: skip


def _letter(office: Office, story: Story, case_id: UUID, decision: Decision, random: Random) -> Row:
    template = office.profile.letter(decision.kind, story.language)
    variables = _variables(office, story, decision)
    return {
        "id": new_id(random),
        "case_id": case_id,
        "version": 1,
        "kind": decision.kind,
        "language": story.language,
        "subject": text.render_line(template["subject"], variables),
        "text": text.render(template["text"], variables).strip(),
        "reason": decision.reason,
        "until": decision.until,
        "drafted_by_id": decision.drafted_by.id,
        "drafted_at": decision.drafted_at,
        "released_by_id": decision.released_by.id if decision.released_by else None,
        "released_at": decision.released_at,
    }


def _variables(office: Office, story: Story, decision: Decision) -> dict[str, str]:
    spoken = office.profile.in_language(story.language)
    contact = office.profile.office(story.office)["contact"]
    reason: Row = spoken.reason(decision.reason, story.language) if decision.reason else {}
    return {
        "name": story.people[0][1].name,
        "title": story.title,
        "reference": references.display(story.reference),
        "institution": spoken.institution["name"],
        "office": spoken.office(story.office)["label"],
        "contact_name": decision.drafted_by.name,
        "contact_email": contact["email"],
        "note": "",
        "until": dates.in_words(decision.until, story.language) if decision.until else "",
        "reason": reason.get("wording", ""),
        "change": reason.get("change", ""),
    }


def _fates(story: Story, proposal_id: UUID, random: Random) -> list[Row]:
    """The receipt, and a mail for every released letter."""
    life = story.life
    mails = [("receipt", str(proposal_id), life.at)] if life.state != "quarantined" else []
    mails += [
        ("decision", f"{proposal_id}:{one.released_at.isoformat()}", one.released_at)
        for one in life.decisions
        if one.released_at
    ]
    made = []
    for kind, cause, at in mails:
        state, reason = random.choice(FATES)
        key = f"{kind}:{cause}"
        mail_id = uuid5(NAMESPACE_URL, f"overture:mail:{key}")
        made.append({"mail_id": mail_id, "proposal_id": proposal_id, "version": 2, "kind": kind,
                     "cause": key, "state": state, "reason": reason, "changed_at": at})  # fmt: skip
    return made


def _posts(story: Story, proposal_id: UUID, random: Random) -> list[Row]:
    """A message for each action that sends one."""
    templates = wording.of(story.language)["posts"]
    made = []
    for row in story.life.actions:
        side = {"write": "office", "post_received": "proposer"}.get(row.action)
        if side is None:
            continue
        pattern = random.choice([line for whose, line in templates if whose == side])
        author = row.by.name if row.by else story.people[0][1].name
        line = wording.sentence(random, pattern, language=story.language)
        made.append({"id": new_id(random), "proposal_id": proposal_id, "side": side,
                     "author": author, "text": line, "said_at": row.at})  # fmt: skip
    return made
