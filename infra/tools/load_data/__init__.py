"""Generate years of cases from word lists, for tests, measurements and a large demo.

`python -m infra.tools.load_data --cases 100000 --seed 7 [--profile example]` fills the databases of
review and intake as years of work would have, with matching ids, references, dates and letters.
Nothing goes through the broker and no mail is sent. The same seed, number, profile and last day
produce the same cases.

    wording.py   ideas, people and organizations from english.toml and spanish.toml
    patterns.py  answers that pass the validation of the profile, with parts to vary
    lives.py     when a case arrived, what happened to it, who did what
    rows.py      the rows of a case in review and intake; views.py has intake's view of a case
    filling.py   inserts the rows in batches
"""

RARE = "falconry"  # in one of twenty thousand cases
COMMON = "evening"  # in about four of ten cases
EXPECTED = {"rare": RARE, "common": COMMON, "two": f"welding {COMMON}"}  # words to search for
