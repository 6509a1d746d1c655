"""`make docs` writes the generated files; `check` fails if one differs from the code."""

import sys
from pathlib import Path

import yaml

from infra.tools import asyncapi, lifecycle
from shared import profile
from shared.settings import SETTINGS

ROOT = Path(__file__).parents[2]

ENVIRONMENT = """\
# All settings of Overture with their defaults. OVERTURE_X applies to the whole suite; INTAKE_X,
# REVIEW_X or NOTIFY_X to one service. {service} in an address becomes the name of the service.
"""


def main(arguments: list[str]) -> int:
    """Write or check; return the exit code."""
    if arguments not in (["write"], ["check"]):
        print("usage: python -m infra.tools.generate write|check", file=sys.stderr)
        return 2
    stale = [file for file, text in generated().items() if _read(file) != text]
    for file in stale:
        if arguments == ["write"]:
            file.write_text(generated()[file], encoding="utf-8")
        print(f"{file.relative_to(ROOT)}: {'written' if arguments == ['write'] else 'out of date'}")
    return 1 if stale and arguments == ["check"] else 0


def generated() -> dict[Path, str]:
    """Each generated file with the text that it must have."""
    return {
        ROOT / "docs" / "asyncapi.yaml": _asyncapi(),
        ROOT / "docs" / "lifecycle.md": _lifecycle(),
        ROOT / "infra" / "example.env": _environment(),
    }


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _asyncapi() -> str:
    text = yaml.safe_dump(asyncapi.document(), sort_keys=False, allow_unicode=True, width=100)
    return f"# Written by `make docs` from shared/events.py; do not edit.\n{text}"


def _lifecycle() -> str:
    example = profile.read(ROOT / "profiles" / "example")
    return lifecycle.page(profile.Profile.of(example))


def _environment() -> str:
    settings = (
        f"\n# {setting.meaning}\n#OVERTURE_{name}={setting.default}\n"
        for name, setting in SETTINGS.items()
    )
    return ENVIRONMENT + "".join(settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
