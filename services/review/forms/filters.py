"""The filters in the address of the queue: known names and values, each once.

Nobody types these addresses, so a wrong one is a stale link or an attack. The page then shows the
queue without filters and says so.
"""

from collections.abc import Collection, Mapping

from werkzeug.datastructures import MultiDict

from services.review.queue.listing import MAX_SEARCH, Filters
from shared import typed as typed_text
from shared.profile.answers import characters

PLACES = ("after", "before")
TRANSFERRED = "passed"  # the reference of a case that was passed on a moment ago


class BadQuery(ValueError):
    """A query that the queue does not know."""


class BadSearch(BadQuery):
    """Words that cannot be searched for; the message is shown."""


def read(args: MultiDict[str, str], *, allowed: Mapping[str, Collection[str]]) -> Filters:
    """The filters of this query; `allowed` are the values that each of them may have.

    Raises BadQuery. An empty value means no filter.
    """
    names = (*Filters._fields, *PLACES, TRANSFERRED)
    for name, values in args.lists():
        if name not in names or len(values) > 1:
            raise BadQuery(f"The queue takes each of these once: {', '.join(names)}.")
    if args.get("after") and args.get("before"):
        raise BadQuery("Use either after or before, not both.")
    values_by_name = {name: args[name] for name in Filters._fields if args.get(name)}
    for name, known in allowed.items():
        if name in values_by_name and values_by_name[name] not in known:
            raise BadQuery(f"{name} must be one of: {', '.join(sorted(known))}.")
    values_by_name["q"] = _words(values_by_name.get("q", ""))
    return Filters(**values_by_name)


def _words(typed: str) -> str:
    if len(typed) > MAX_SEARCH:
        raise BadSearch(f"Use at most {MAX_SEARCH} characters to search. These are all open cases.")
    try:
        return characters.line(typed_text.text(typed))
    except characters.Unusable as error:
        raise BadSearch(str(error)) from None
