"""`python -m infra.tools.load_data --cases N`: fill the configured databases with cases."""

import argparse
import gc
import sys
import time
from datetime import datetime

from sqlalchemy.orm import Session

from infra.processes import ROOT
from infra.tools.load_data import EXPECTED, filling
from services.intake import create_app as create_intake
from services.review import create_app as create_review
from shared import db, profile
from shared.migrations import chain
from shared.profile import versions
from shared.tables import now


def main() -> int:
    """Migrate the databases and fill them; return the exit code."""
    parser = argparse.ArgumentParser(
        description="Fills the configured databases with years of cases."
    )
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7, help="the same seed produces the same cases")
    parser.add_argument("--profile", default="example", help="a folder under profiles/")
    parser.add_argument("--until", help="the last day, YYYY-MM-DD; default: today")
    parser.add_argument(
        "--review-only", action="store_true", help="fill only the database of review"
    )
    parser.add_argument("--add", action="store_true", help="add to existing cases")
    options = parser.parse_args()
    apps = {"review": create_review()}
    if not options.review_only:
        apps = {"intake": create_intake()} | apps
    for app in apps.values():
        with app.app_context():
            chain.upgrade()
            with db.begin() as session:
                _publish_profile(session, options.profile)
    until = datetime.fromisoformat(f"{options.until}T22:00+00:00") if options.until else now()
    gc.disable()  # many rows and no reference cycles
    start = time.monotonic()
    try:
        if not options.add:
            filling.refuse_full(apps)
    except filling.Full as full:
        print(full, file=sys.stderr)
        return 1
    progress = filling.fill(
        apps, number=options.cases, seed=options.seed, until=until, names=options.profile
    )
    for count in progress:
        if count % 10_000 == 0 or count == options.cases:
            print(f"{count:,} cases, {time.monotonic() - start:.0f} s", flush=True)
    searches = ", ".join(f"{name}: {word!r}" for name, word in EXPECTED.items())
    print(f"Words to search for: {searches}.")
    return 0


def _publish_profile(session: Session, name: str) -> None:
    """Publish the profile if none is in force."""
    try:
        versions.in_force(session)
    except versions.NoProfile:
        versions.put(session, body=profile.read(ROOT / "profiles" / name))


sys.exit(main())
