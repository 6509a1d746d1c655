"""The services with an office at work, the people who visit them, and every route and form."""

import re
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient

from services.intake.models import Draft
from services.review.models import Staff, StaffSession
from services.review.models.people import ROLES
from shared import db, references
from shared.tables import LoopRow, now
from tests.factories import rows, sample, send_proposal
from tests.fakes import carry
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, Form, page_of
from tests.review.office import hire, sign_in

MOST_WORK = 2.0  # seconds of processor that one request may take
ARGUMENT = re.compile(r"<(?:[^:>]+:)?([^>]+)>")
NOBODY, OUTSIDER, PROPOSER = "nobody", "outsider", "proposer"
ENDS_THE_SESSION = ("account.sign_out", "account.end_session", "account.change_password",
                    "staff.deactivate", "staff.change_role")  # fmt: skip


class Ask(NamedTuple):
    """One request."""

    service: str
    who: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Place(NamedTuple):
    """One route and method, with arguments that exist."""

    service: str
    method: str
    rule: str
    path: str


class Known(NamedTuple):
    """A form as a page shows it to somebody."""

    service: str
    who: str
    action: str
    form: Form


def signs_of_life(app: Flask) -> None:
    """Let the worker of this service look alive, so that /readyz is not 503."""
    later = now() + timedelta(days=1)
    with app.app_context(), db.begin() as session:
        session.merge(LoopRow(name="relay", seen_at=later, trouble=None))


class World:
    """The subjects of a round; `apps` have empty databases."""

    def __init__(self, apps: Mapping[str, Flask]) -> None:
        self.apps = apps
        self.reference = send_proposal(apps["intake"])
        carry(dict(apps))
        for app in apps.values():
            signs_of_life(app)
        self.emails = {role: hire(apps["review"], role) for role in ROLES}
        self.visitors: dict[str, FlaskClient] = {}
        for who in (NOBODY, PROPOSER, OUTSIDER, *ROLES):
            self._enter(who)
        self.places = [
            place for service, app in apps.items() for place in self._places(service, app)
        ]
        self.forms = self._find_forms()

    def send(self, ask: Ask) -> int:
        """The status of the answer; AssertionError if there was a fault."""
        began = time.thread_time()
        answer = self._client(ask).open(
            ask.path, method=ask.method, headers=list(ask.headers), data=ask.body
        )
        work = time.thread_time() - began
        if answer.status_code == 503 and ask.path.startswith("/readyz"):
            return 503  # the lease of the worker is over, as it should be without one
        assert answer.status_code < 500, f"{answer.status_code} for {ask!r}: {answer.text[:300]}"
        assert work < MOST_WORK, f"{work:.1f} s for {ask!r}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff", repr(ask)
        assert "Traceback" not in answer.text, repr(ask)
        answer.close()
        return answer.status_code

    def enter_again(self) -> None:
        """Sign in those whose session a request has ended."""
        for role in ROLES:
            if self.visitors[role].get("/account", headers=HTML).status_code != 200:
                self._enter(role)

    def _client(self, ask: Ask) -> FlaskClient:
        client, app = self.visitors[ask.who], self.apps[ask.service]
        return client if client.application is app else app.test_client()

    def _enter(self, who: str) -> None:
        service = "intake" if who in (NOBODY, PROPOSER) else "review"
        self.visitors[who] = self.apps[service].test_client()
        if who in ROLES:
            sign_in(self.visitors[who], self.emails[who])
        elif who == PROPOSER:
            typed.core(self.visitors[who], sample("partner-sterile-processing"))

    def _places(self, service: str, app: Flask) -> list[Place]:
        return [
            Place(service, method, rule.rule, ARGUMENT.sub(self._argument, rule.rule))
            for rule in app.url_map.iter_rules()
            if rule.endpoint not in ENDS_THE_SESSION
            for method in sorted(rule.methods or ())
        ]

    def _argument(self, match: re.Match[str]) -> str:
        review = self.apps["review"]
        known = {
            "reference": self.reference,
            "typed": self.reference,
            "member": str(rows(review, Staff)[0].id),
            "id_hash": rows(review, StaffSession)[0].id_hash,
            "service": "intake",
            "branch": "partner",
            "name": "you",
            "draft": references.display(rows(self.apps["intake"], Draft)[0].reference),
        }
        return str(known.get(match[1], "x"))

    def _find_forms(self) -> list[Known]:
        found: dict[tuple[str, str, str], Known] = {}
        for who, client in self.visitors.items():
            service = "intake" if who in (NOBODY, PROPOSER) else "review"
            for place in self.places:
                if (place.service, place.method) != (service, "GET"):
                    continue
                page = page_of(client.get(place.path, headers=HTML))
                for form in page.forms if page.response.mimetype == "text/html" else ():
                    action = (form.action or place.path).partition("#")[0]
                    if action != "/sign-out":
                        found[who, action, str(form.buttons)] = Known(service, who, action, form)
        return list(found.values())
