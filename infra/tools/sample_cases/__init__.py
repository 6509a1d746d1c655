"""The demo's people and cases of each profile, as files: who works in the office, what was sent,
and what the office has done with it since.

A folder is a profile; `people.toml` there names the people, every other file is one case:

    sample      a proposal of tests/samples, or instead of it
    language    of the proposal; English where nothing is said
    [answers]   what the proposer answered, as the API takes it
    held_back   true: it came as a program's would, and was kept apart
    [[story]]   what was done, in order: `act` take, write, draft, release (`by` whom, see
                people.toml), or reply, which is the proposer's word
"""

import json
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


class Sample(NamedTuple):
    """One case: the body of its proposal, and its story."""

    name: str
    body: dict[str, Any]
    held_back: bool
    story: list[dict[str, Any]]

    @property
    def key(self) -> str:
        """The Idempotency-Key under which it is sent, today and whenever the demo starts again."""
        return f"demo-sample-{self.name}"


def read(profile: str) -> list[Sample]:
    """The cases of this profile in the order of sending; none where it has no folder."""
    files = sorted((HERE / profile).glob("*.toml"))
    return [_sample(file) for file in files if file.name != "people.toml"]


def people(profile: str) -> dict[str, dict[str, str]]:
    """The people of the office by the name that stories know: name, email, role, maybe office."""
    file = HERE / profile / "people.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _sample(file: Path) -> Sample:
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    if "sample" in told:
        body = json.loads((ROOT / "tests" / "samples" / f"{told['sample']}.json").read_bytes())
    else:
        body = {
            "form": "interest",
            "language": told.get("language", "en"),
            "answers": told["answers"],
        }
    return Sample(file.stem, body, told.get("held_back", False), told.get("story", []))
