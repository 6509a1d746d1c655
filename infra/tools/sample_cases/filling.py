"""Create the accounts and the sample cases of the demo, once, however often the demo starts."""

from collections.abc import Mapping

from flask import Flask

from infra.tools import sample_cases
from infra.tools.sample_cases import Sample, sending, story

Apps = Mapping[str, Flask]


def create_accounts(profile: str, apps: Apps, *, passwords: dict[str, str]) -> None:
    """Create the staff accounts with these passwords, by email."""
    with apps["review"].app_context():
        story.create_accounts(sample_cases.people(profile), passwords_by_email=passwords)


def send(profile: str, apps: Apps, *, url: str) -> dict[str, Sample]:
    """Send each case to intake, print its reference, and return the cases by reference."""
    sent = {}
    for sample in sample_cases.read(profile):
        try:
            with apps["intake"].app_context():
                reference, repeated = (
                    sending.hold_back(sample) if sample.held_back else sending.send(sample, url=url)
                )
        except sending.NotSent as error:
            print(f"  {sample.name} {error}", flush=True)
            continue
        sent[reference] = sample
        print(f"  {reference}  {sample.name}{'  (already sent)' if repeated else ''}", flush=True)
    return sent


def arrived(sent: dict[str, Sample], apps: Apps) -> bool:
    """Whether all of them have arrived in review."""
    with apps["review"].app_context():
        return story.arrived(list(sent))


def advance_cases(profile: str, sent: dict[str, Sample], apps: Apps) -> None:
    """Perform the story of each case that nobody has worked on yet."""
    people = sample_cases.people(profile)
    for reference, sample in sent.items():
        with apps["review"].app_context():
            story.perform(sample, reference, accounts=people)
        with apps["intake"].app_context():
            story.reply(sample, reference)
