"""The people and sample cases of the demo, as TOML files.

Each profile has a folder. Its `people.toml` lists the staff, and every other file is one case:

    sample      the name of a proposal in tests/samples, or instead:
    language    of the proposal; English by default
    [answers]   the answers in the form of the API
    held_back   true for suspected spam
    [[story]]   the acts on the case in order: `act` is take, write, draft or release, with `by`
                (a name in people.toml), or reply for an answer of the proposer
"""

import json
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


class Sample(NamedTuple):
    """One case: the body of its proposal and its story."""

    name: str
    body: dict[str, Any]
    held_back: bool
    story: list[dict[str, Any]]

    @property
    def key(self) -> str:
        """The Idempotency-Key of the proposal, the same at every start of the demo."""
        return f"demo-sample-{self.name}"


def read(profile: str) -> list[Sample]:
    """The cases of this profile in sending order; none if it has no folder."""
    files = sorted((HERE / profile).glob("*.toml"))
    return [_sample(file) for file in files if file.name != "people.toml"]


def people(profile: str) -> dict[str, dict[str, str]]:
    """The staff by their names in stories, each with name, email, role and perhaps office."""
    file = HERE / profile / "people.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _sample(file: Path) -> Sample:
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    if "sample" in case:
        body = json.loads((ROOT / "tests" / "samples" / f"{case['sample']}.json").read_bytes())
    else:
        body = {
            "form": "interest",
            "language": case.get("language", "en"),
            "answers": case["answers"],
        }
    return Sample(file.stem, body, case.get("held_back", False), case.get("story", []))
