"""A kind of mail is one entry in shared/mails/kinds and one text; no other module lists kinds."""

import ast
from collections.abc import Iterator

import pytest

from services.review import labels
from services.review.notifications import morning_digest
from services.review.staff import notification_preferences
from shared.mails import reasons
from shared.mails.entry import DigestRule
from shared.mails.kinds import IN_DIGEST, KINDS
from shared.mails.reasons import Group, Reason
from shared.profile import Profile
from tests.alike.sources import ROOT, modules, tree
from tests.apps import EXAMPLE

TABLES = ROOT / "shared" / "mails" / "kinds"
PROFILE = Profile.of(EXAMPLE)


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_holds_title_cause_and_reason(kind: str):
    entry = KINDS[kind]
    assert entry.title and entry.because and entry.expiry
    assert labels.mail(kind) == (entry.title, entry.because)
    for language in ("en", "es"):
        assert reasons.footer(entry.reason, language=language)
    chosen = {Reason.STAFF_CHOICE, Reason.STAFF_DIGEST}
    assert (entry.choice is not None) == (entry.reason in chosen)


def test_every_reason_has_a_footer_of_its_own_and_a_kind():
    for language in ("en", "es"):
        assert len({reasons.footer(reason, language=language) for reason in Reason}) == len(Reason)
    assert {entry.reason for entry in KINDS.values()} == set(Reason)
    assert {reason.group for reason in Reason} == set(Group)


def test_what_can_wait_for_the_daily_summary_has_a_rule_a_choice_and_a_place_in_its_text():
    rules = {kind: entry.choice.digest for kind, entry in KINDS.items() if entry.choice}
    assert [kind for kind, rule in rules.items() if rule] == list(IN_DIGEST)
    assert {rule for rule in rules.values() if rule} == set(DigestRule)
    assert set(morning_digest.STATES) == set(DigestRule)
    assert set(notification_preferences.CHOICES) == set(rules)
    for language in PROFILE.languages:
        text = PROFILE.body["mails"]["staff_news"][language]["text"]
        for kind in IN_DIGEST:
            assert f"{{{{{kind}}}}}" in text, f"{kind} in {language}"


def lists_of_kinds(module: ast.AST) -> Iterator[int]:
    """The lines of lists, sets, tuples and dicts that consist mostly of kinds of mail."""
    for node in ast.walk(module):
        if isinstance(node, ast.Dict):
            items = [key for key in node.keys if key is not None]
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            items = list(node.elts)
        else:
            continue
        names = [item.value for item in items if isinstance(item, ast.Constant)]
        kinds = [name for name in names if name in KINDS]
        if len(kinds) >= 2 and 2 * len(kinds) > len(items):
            yield node.lineno


def test_no_other_module_lists_kinds():
    files = [file for file in modules("services", "shared") if TABLES not in file.parents]
    found = [(file, line) for file in files for line in lists_of_kinds(tree(file))]
    assert [f"{file.relative_to(ROOT)}:{line}" for file, line in found] == []


@pytest.mark.parametrize("listing", ['("assigned", "mentioned")', '{"receipt": 1, "decision": 2}'])
def test_the_rule_finds_a_list_of_kinds(listing: str):
    assert list(lists_of_kinds(ast.parse(listing)))


def test_the_rule_leaves_a_list_of_other_words_alone():
    assert not list(lists_of_kinds(ast.parse('("first_reply", "meeting", "decision")')))
