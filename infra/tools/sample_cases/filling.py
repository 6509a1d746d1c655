"""The office of the demo is let in, and its cases are sent and brought to where they are; all of it
once, however often the demo starts.
"""

from collections.abc import Mapping

from flask import Flask

from infra.tools import sample_cases
from infra.tools.sample_cases import Sample, sending, story

Apps = Mapping[str, Flask]


def let_in(profile: str, apps: Apps, *, words: dict[str, str]) -> None:
    """The people of the office can sign in with these passwords."""
    with apps["review"].app_context():
        story.let_in(sample_cases.people(profile), words=words)


def send(profile: str, apps: Apps, *, url: str) -> dict[str, Sample]:
    """Send every case to intake at this address, and say so; return them by reference."""
    sent = {}
    for sample in sample_cases.read(profile):
        try:
            with apps["intake"].app_context():
                reference, again = (
                    sending.hold_back(sample) if sample.held_back else sending.send(sample, url=url)
                )
        except sending.NotSent as error:
            print(f"  {sample.name} {error}", flush=True)
            continue
        sent[reference] = sample
        print(f"  {reference}  {sample.name}{'  (sent before)' if again else ''}", flush=True)
    return sent


def arrived(sent: dict[str, Sample], apps: Apps) -> bool:
    """Whether the office has a case for each of them."""
    with apps["review"].app_context():
        return story.arrived(list(sent))


def bring_along(profile: str, sent: dict[str, Sample], apps: Apps) -> None:
    """Do with each case what the office has done, where nobody has touched it yet."""
    people = sample_cases.people(profile)
    for reference, sample in sent.items():
        with apps["review"].app_context():
            story.tell(sample, reference, accounts=people)
        with apps["intake"].app_context():
            story.reply(sample, reference)
