"""`python -m infra.tools.layout_figures ROOT [ROOT]`: print the figures of one or two checkouts.

Both checkouts need a `.venv`: the frames are counted by running the services of each checkout.
"""

import argparse
from pathlib import Path

from infra.tools.layout_figures import acts, folders, names, templates

Figures = dict[str, str]


def main() -> None:
    """Print a Markdown table with one column per checkout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("roots", nargs="+", type=Path, metavar="ROOT", help="folder of a checkout")
    parser.add_argument("--static", action="store_true", help="do not run the services")
    options = parser.parse_args()
    roots = [root.resolve() for root in options.roots]
    print(table({root.name: figures(root, run=not options.static) for root in roots}))


def figures(root: Path, *, run: bool = True) -> Figures:
    """All figures of one checkout, by what they measure."""
    measured = folders.figures(root) | templates.figures(root)
    if run:
        measured |= acts.figures(root)
    return measured | names.figures(root)


def table(columns: dict[str, Figures]) -> str:
    """A Markdown table: one row per figure, one column per checkout."""
    first = next(iter(columns.values()))
    lines = [["figure", *columns], ["---"] * (len(columns) + 1)]
    lines += [[name, *(column.get(name, "") for column in columns.values())] for name in first]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    main()
