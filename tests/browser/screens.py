"""`make screens`: a picture of every page in every state, and a check for visible faults.

The pages appear as people see them, in one story from the start page to the released letter. A page
set up by hand could show a state that never occurs. People look at the pictures; the exit code is 1
if a page scrolls sideways, clips text, has a target under 24 px, a raw key, an unfilled
placeholder, not exactly one first-level heading, or an error in its console.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from infra.tools import sample_cases
from tests.browser import (
    chromium,
    screens_admin,
    screens_mails,
    screens_office,
    screens_public,
    screens_seldom,
    suite,
)
from tests.browser.screens_camera import Camera
from tests.browser.suite import Suite
from tests.factories import sample
from tests.shared.forms import EXAMPLE

FOLDER = Path(__file__).parent.parent.parent / "var" / "screens"
OTHER_HOUSES = ("partner-first", "governance-first")


def story(camera: Camera, running: Suite) -> None:
    """The whole story in order."""
    screens_public.mailbox(camera, running, kind="empty")
    screens_office.door(camera, running)
    screens_admin.people(camera, running)
    screens_admin.operations(camera, running)
    screens_public.before_sending(camera, running)
    sent = {
        "partner": "partner-sterile-processing",
        "faculty": "faculty-full-water-testing",
        "staff": "staff-crisis-line-volunteers",
        "longest": "partner-full-charging-stations",
    }
    references = {
        kind: screens_public.filled_in(camera, running, name, kind=kind)
        for kind, name in sent.items()
    }
    references["no-script"] = screens_public.filled_in(
        camera, running, "partner-half-idea", kind="no-script", script=False
    )
    screens_office.full(camera, running, references)
    for kind in ("partner", "longest", "no-script"):
        screens_public.by_mail(camera, running, references[kind], kind=kind)
    screens_office.shoot_assigning(camera, running, references["partner"])
    screens_public.by_mail(camera, running, references["partner"], kind="taken")
    screens_office.at_once(camera, running, references["no-script"])
    screens_office.over(camera, running, references["faculty"])
    screens_seldom.passed_on(camera, running, references["faculty"])
    decided = {"accept": "partner", "decline": "staff", "defer": "longest"}
    for kind, name in decided.items():
        screens_office.decided(camera, running, references[name], kind=kind)
        running.mail(references[name], "read this letter again")
        screens_public.by_mail(camera, running, references[name], kind=kind)
    screens_office.busy(camera, running)
    screens_seldom.whole(camera, running, sample("faculty-es-contabilidad"), kind="spanish")
    screens_seldom.too_late(camera, running)
    screens_seldom.quarantined(camera, running)
    screens_public.mailbox(camera, running, kind="full")


def other_house(camera: Camera, running: Suite, *, profile: str) -> None:
    """The public pages of another university, and a mailbox that got too many links."""
    idea = sample_cases.read(profile)[0].body
    screens_seldom.whole(camera, running, idea, kind=profile)
    screens_seldom.too_many_links(camera, running, idea, kind=profile)


def toured(
    camera: Camera, files: Path, tell: Callable[[Camera, Suite], None], **started: str
) -> None:
    """Run one story in its own suite. The logs stay in the folder to explain failures."""
    files.mkdir(parents=True)
    with suite.started("embedded", files, **started) as running:
        try:
            tell(camera, running)
        except Exception as error:
            camera.found[f"the story of {files.name} ends here"] = [
                f"{type(error).__name__}: {error}"
            ]


def main(arguments: list[str]) -> int:
    """Take all pictures; return 1 if a page has a fault."""
    parser = argparse.ArgumentParser(description="Every page as a picture, and its faults.")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folder = parser.parse_args(arguments).folder
    shutil.rmtree(folder, ignore_errors=True)
    began = time.monotonic()
    with chromium.started() as browser:
        camera = Camera(browser, folder)
        screens_mails.kinds(camera, EXAMPLE)
        toured(camera, folder / "suite" / "example", story)
        for profile in OTHER_HOUSES:
            tell = partial(other_house, profile=profile)
            limit = {"MAILS_PER_HOUR": str(screens_seldom.MOST_MAILS)}
            toured(camera, folder / "suite" / profile, tell, profile=profile, **limit)
    for name, lines in camera.found.items():
        for line in lines:
            print(f"{name}: {line}")
    seconds = time.monotonic() - began
    faults = sum(len(lines) for lines in camera.found.values())
    print(f"{len(camera.taken)} pictures in {folder}, {faults} faults, {seconds:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
