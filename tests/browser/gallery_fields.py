"""Fields of every kind in every state, for the gallery."""

from dataclasses import replace
from typing import Any

from shared.profile.answers.messages import FullSentence
from shared.web.ui.fields import Field, NotSure

UNSURE = NotSure(
    label="Not sure yet, help me",
    promise="We’ll work it out when we talk. It won’t count against you.",
    thanks="Thank you for letting us know. We’ll work this out together when we talk.",
)
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung " * 2
NEED = (
    "We have 38 open sterile processing positions across four hospitals. Operating rooms have "
    "delayed cases because trays arrive incomplete. New hires take five months to work alone."
)
CHOICES = [
    {"value": "own_time", "label": "Online, when they have time"},
    {"value": "live", "label": "Online, live", "hint": "At a set hour, together with a teacher."},
    {"value": "site", "label": "At the workplace"},
    {"value": "none", "label": "None yet", "exclusive": True},
]


def line(kind: str, name: str, label: str, **attributes: Any) -> Field:
    """A simple field."""
    return Field(kind=kind, name=name, label=label, **attributes)


def skills(*texts: str, **attributes: Any) -> Field:
    """A list of lines with its buttons."""
    rows = [
        line("text", "skills", f"Skill {at}", id=f"skills-{at}", value=text)
        for at, text in enumerate(texts, 1)
    ]
    return Field(
        kind="list",
        name="skills",
        label="What should people be able to do at the end?",
        hint="One skill per line, such as “inspect a tray against a count sheet.”",
        parts=rows,
        add="Add another skill",
        not_sure=UNSURE,
        **attributes,
    )


def people(*, wrong: bool) -> Field:
    """Rows of several controls."""
    bad = ["Enter an email address, such as name@example.com."] if wrong else []
    rows = [
        Field(
            kind="composite",
            name=f"team.{at}",
            label=f"Person {at}",
            parts=[
                line("text", f"team.{at}.name", "Name", value="Sam Ortega" if at == 1 else ""),
                line("email", f"team.{at}.email", "Email", value="sam@", errors=bad),
                line("text", f"team.{at}.role", "Role", optional=True),
            ],
        )
        for at in (1, 2)
    ]
    return Field(
        kind="rows",
        name="team",
        label="Who else is part of this?",
        hint="They won’t get any emails from this form.",
        parts=rows,
        add="Add another person",
        optional=True,
    )


def page_of_the_form() -> list[Field]:
    """A typical page of the form."""
    return [
        line(
            "text",
            "title",
            "Working title",
            hint="Say the main thing people will be able to do. You can change it later.",
            value="Sterile processing fundamentals",
            most=80,
            note="Up to 40 fits on a badge.",
        ),
        line(
            "long_text",
            "need",
            "What need are you trying to meet?",
            hint="What goes wrong today, and what changed in the work? Plain words are best.",
            value=NEED,
            most=1200,
        ),
        skills("Decontaminate reusable instruments", "Run a steam sterilization cycle", ""),
        line("text", "jobs", "Which jobs is it for?", hint="Job titles.", optional=True),
    ]


def wrong_page() -> list[Field]:
    """The same page with errors."""
    title, need, _, jobs = page_of_the_form()
    return [
        replace(title, value="", errors=[FullSentence("Enter a working title.")]),
        replace(
            need, value=NEED * 9, errors=["Shorten this to 1,200 characters. It has 1,584 now."]
        ),
        skills(
            "",
            "",
            errors=[FullSentence("Enter at least one skill, or choose “Not sure yet, help me.”")],
        ),
        jobs,
    ]


def every_kind() -> list[Field]:
    """One field of every kind, with and without a value and "not sure"."""
    note = {"hint": "A guess is fine."}
    return [
        line("text", "text", "A line of text", value='"><script>alert(1)</script> & more'),
        line("long_text", "long", "Several lines", value=f"\nfirst\n{LONG}", most=5000, **note),
        line("email", "email", "Email", autocomplete="email"),
        line("phone", "phone", "Phone", value="513-555-0142"),
        line("url", "url", "Website", optional=True),
        line("number", "hours", "How many hours?", after="hours", value="7.5", **note),
        line("money", "price", "What may it cost a learner?", before="$", not_sure=UNSURE),
        line("date_or_month", "start", "When should it start?", hint="A month, such as 2027-03."),
        line("date", "until", "Put it off until", value="2027-01-11"),
        line("code", "code", "Six-digit code"),
        line("password", "password", "Password"),
        line("search", "words", "Words"),
        line("single", "format", "How could people take part?", choices=CHOICES, value="live"),
        line(
            "single",
            "campus",
            f"Do they have a campus account? {LONG}",
            choices=CHOICES[:2],
            not_sure=UNSURE._replace(chosen=True),
            **note,
        ),
        line("select", "unit", "Which unit?", choices=CHOICES, not_sure=UNSURE),
        line("multi", "proof", "What shows the need?", choices=CHOICES, value=["site"], **note),
        line("multi", "help", "How can we help?", choices=CHOICES, not_sure=UNSURE, optional=True),
        line("consent", "privacy", "I have read how you handle my answers", value=True),
        line("consent", "copy", "Email me a copy of my answers", optional=True, **note),
        line("integer_range", "count", "How many?", value={"from": "15", "to": "25"}, **note),
        Field(
            kind="composite",
            name="place",
            label="Where would people meet?",
            not_sure=UNSURE,
            parts=[
                line("text", "place.name", "Place", hint="A town or a building is enough."),
                line("single", "place.off", "Is it away?", choices=CHOICES[:2], optional=True),
            ],
        ),
        skills("Inspect a tray"),
        people(wrong=False),
        line("file", "letter", "A letter of support", optional=True),
    ]


def every_kind_wrong() -> list[Field]:
    """The same with errors; a group with parts has them in its parts."""
    lines = ["Enter an answer, or leave this out."]
    fields = [replace(field, errors=lines) for field in every_kind() if field.kind not in ("rows",)]
    return [*fields, people(wrong=True)]
