"""Text of people stands apart from the sentence around it, whichever way it is written."""

from html.parser import HTMLParser
from typing import Any

from flask import Flask

from shared import references
from shared.web.ui.filters import typed_length
from tests.factories import sample
from tests.fakes import carry, take
from tests.intake import form_filling
from tests.intake.browsing import get
from tests.review.office import do, received, sent, signed_in, visit

HEBREW = "אבג"
VOID = {"meta", "link", "input", "br", "img", "hr", "wbr", "use", "path"}
APART = {"bdi", "textarea", "title", "option", "script", "style"}


class Isolation(HTMLParser):
    """Collects the Hebrew text that no element sets apart."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.loose: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        values = dict(attrs)
        if tag == "input" and HEBREW in (values.get("value") or "") and values.get("dir") != "auto":
            self.loose.append(f"<input name={values.get('name')}>")
        if tag not in VOID:
            self.open.append((tag, tag in APART or values.get("dir") == "auto"))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if HEBREW in data and not any(apart for _, apart in self.open):
            place = " > ".join(tag for tag, _ in self.open[-4:])
            self.loose.append(f"{place}: {' '.join(data.split())[:80]}")


def loose(html: str) -> list[str]:
    parser = Isolation()
    parser.feed(html)
    return parser.loose


def test_the_pages_of_a_proposer_set_typed_text_apart(apps: dict[str, Flask]) -> None:
    client = apps["intake"].test_client()
    answers = dict(sample("partner-sterile-processing")["answers"])
    for key in ("contact_name", "contact_title", "org_name", "title", "summary"):
        if key in answers:
            answers[key] = f"{HEBREW} {answers[key]}"[:60]
    answers["contact_name"] = f"{HEBREW} Lee"
    whole = sample("partner-sterile-processing") | {"answers": answers}
    form_filling.core(client, whole)
    found = []
    for path in ("/draft/about-you", "/draft/idea", "/draft/check", "/start", "/draft/saved"):
        found += [f"{path}: {line}" for line in loose(get(client, path).html)]
    receipt = form_filling.send(client, form_filling.ready(client, whole))
    assert receipt.status == 200, receipt.text("section")
    found += [f"receipt: {line}" for line in loose(receipt.html)]
    carry(apps)
    status = get(client, next(link for link in receipt.links if "/p/" in link or "status" in link))
    found += [f"status: {line}" for line in loose(status.html)]
    assert HEBREW in status.html
    assert not found, "\n" + "\n".join(found)


def test_the_pages_of_the_office_set_text_of_others_apart(apps: dict[str, Flask]) -> None:
    review = apps["review"]
    people = [
        {"person_id": "7e9a1d34-6b58-4f0e-8c43-2f5d9b7c6e21", "name": f"{HEBREW} Okafor",
         "address": "ray@okafor.example", "role": "proposer", "state": "active"},
    ]  # fmt: skip
    reference = references.new()
    summary = {"summary": f"{HEBREW} we hire ten.", "org_name": f"{HEBREW} Millwork"}
    take(review, sent("partner-half-idea", reference=reference, people=people, answers=summary,
                      title=f"{HEBREW} basics", organization=f"{HEBREW} Millwork"))  # fmt: skip
    received(review)
    case = references.display(reference)
    clerk = signed_in(review, "triage", name=f"{HEBREW} Kowalczyk")
    do(clerk, case, "take")
    do(clerk, case, "note", note=f"{HEBREW} note")
    do(clerk, case, "write", text=f"{HEBREW} message")
    found: list[str] = []
    for path in ("/", f"/cases/{case}", f"/cases/{case}/decision", "/account"):
        found += [f"{path}: {line}" for line in loose(visit(clerk, path).html)]
    do(clerk, case, "decision", kind="accept")
    found += [f"letter: {line}" for line in loose(visit(clerk, f"/cases/{case}/letter").html)]
    director = signed_in(review, "director", name=f"{HEBREW} Haas")
    do(director, case, "letter/release")
    for path in ("/?tab=all", f"/cases/{case}", f"/cases/{case}/letter"):
        found += [f"{path}: {line}" for line in loose(visit(director, path).html)]
    admin = signed_in(review, "admin", name=f"{HEBREW} Admin")
    found += [f"/people: {line}" for line in loose(visit(admin, "/people").html)]
    assert not found, "\n" + "\n".join(found)


def test_a_spanish_letter_and_its_answers_say_their_language_on_an_english_page(
    apps: dict[str, Flask],
) -> None:
    review = apps["review"]
    reference = references.new()
    take(review, sent("partner-half-idea", reference=reference, language="es"))
    case = references.display(reference)
    clerk = signed_in(review, "triage")
    assert '<dd class="keep-lines" dir="auto" lang="es">' in visit(clerk, f"/cases/{case}").html
    do(clerk, case, "decision", kind="accept")
    assert '<article class="letter" lang="es">' in visit(clerk, f"/cases/{case}/letter").html


def test_a_decomposed_letter_counts_once_as_in_the_limits() -> None:
    assert typed_length("Gestio\u0301n") == len("Gestión")
