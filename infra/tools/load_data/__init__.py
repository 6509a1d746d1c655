"""An office with years behind it: as many cases as one wants, made from word lists, for tests,
measurements and a full demo.

`python -m infra.tools.load_data --cases 100000 --seed 7 [--profile example]` fills the databases
of review
and intake as years of work would have: the same ids, references, dates and letters on both sides.
Nothing goes through the queue and no mail is sent. The same seed, number, profile and last day make
the same cases.

    words.py     ideas, people and organizations from english.toml and spanish.toml
    patterns.py  answers that the profile's own validation has accepted, to be varied
    lives.py     when a case came, what became of it, who did what
    rows.py      the same as rows of review's and of intake's tables; views.py has what intake hears
    filling.py   the rows go into the databases, a batch at a time
"""

RARE = "falconry"  # a word of one case in twenty thousand
COMMON = "evening"  # a word of about four cases in ten
EXPECTED = {"rare": RARE, "common": COMMON, "two": f"welding {COMMON}"}  # what to search for
