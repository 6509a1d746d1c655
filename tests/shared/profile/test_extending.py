"""A profile may be another one with differences; what it says itself always has the last word."""

import shutil
from pathlib import Path

import pytest

from shared.profile import BrokenProfile, Profile, read
from shared.profile.answers import validation
from shared.profile.answers.json_schema import json_schema
from tests.shared.forms import EXAMPLE, FOLDER, refusals

PARTNER_FIRST = Profile.of(read(FOLDER.parent / "partner-first"))
GOVERNANCE_FIRST = Profile.of(read(FOLDER.parent / "governance-first"))
OTHERS = (PARTNER_FIRST, GOVERNANCE_FIRST)


def extending(tmp_path: Path, **files: str) -> Profile:
    """The profile `ours` beside a copy of the example; names of files without their ending."""
    shutil.copytree(FOLDER, tmp_path / "example", dirs_exist_ok=True)
    folder = tmp_path / "ours"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in {"form": 'extends = "example"', **files}.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return Profile.of(read(folder))


def faults(tmp_path: Path, **files: str) -> list[str]:
    with pytest.raises(BrokenProfile) as refused:
        extending(tmp_path, **files)
    return [str(fault) for fault in refused.value.faults]


def test_a_profile_that_adds_nothing_is_the_other_one(tmp_path: Path) -> None:
    assert extending(tmp_path) == EXAMPLE


def test_values_of_the_extending_profile_win(tmp_path: Path) -> None:
    ours = extending(
        tmp_path,
        form='extends = "example"\nlanguages = ["en"]\nwithout = ["frameworks"]',
        place='[institution]\nshort_name = "Ours"\n[[goals]]\nvalue = "one"\nlabel = "One"',
        questions='[[questions]]\nkey = "need"\nlabel = "Why?"\nrequirement = { other = "absent" }'
        '\n[[questions]]\nkey = "new_one"\nsection = "send"\ntype = "text"\nlabel = "New"\n'
        'requirement = { faculty = "optional", staff = "absent", partner = "absent", '
        'other = "absent" }\nwhy = "A test."',
    )
    assert ours.institution == EXAMPLE.institution | {"short_name": "Ours"}
    assert [goal["value"] for goal in ours.body["goals"]] == ["one"]
    need, written = ours.question("need"), EXAMPLE.question("need")
    assert need == written | {"label": "Why?", "requirement": need["requirement"]}
    assert need["requirement"] == written["requirement"] | {"other": "absent"}
    keys = [spec["key"] for spec in EXAMPLE.questions if spec["key"] != "frameworks"]
    assert [spec["key"] for spec in ours.questions] == [*keys, "new_one"]
    assert "es" not in ours.body["translations"]


def test_a_fault_names_the_file_that_had_the_last_word(tmp_path: Path) -> None:
    faults_found = faults(tmp_path, questions='[[questions]]\nkey = "need"\nsection = "nowhere"')
    assert faults_found == ["questions.toml: questions.need.section: there is no section “nowhere”"]
    faults_found = faults(tmp_path, form='extends = "example"\nwithout = ["leadership_aware"]')
    assert faults_found == [
        "../example/questions/contacts.toml: questions.leadership_contact.when:"
        " there is nothing “leadership_aware” before it"
    ]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ('extends = "ours"', "extends: names a folder beside this one"),
        ('extends = "../example"', "extends: names a folder beside this one"),
        ("extends = 7", "extends: names a folder beside this one"),
        ('extends = "nobody"', "there is no profile here"),
        ('extends = "example"\nwithout = ["x"]', "without: there is no question “x”"),
    ],
)
def test_what_cannot_be_extended_is_refused(tmp_path: Path, form: str, told: str) -> None:
    assert any(told in fault for fault in faults(tmp_path, form=form))


def test_only_a_whole_profile_can_be_extended(tmp_path: Path) -> None:
    extending(tmp_path)
    (tmp_path / "third").mkdir()
    (tmp_path / "third" / "form.toml").write_text('extends = "ours"', encoding="utf-8")
    with pytest.raises(BrokenProfile, match="itself extends another"):
        read(tmp_path / "third")


def test_the_shipped_profiles_are_different_institutions() -> None:
    three = [EXAMPLE, *OTHERS]
    for seen in (
        lambda one: one.institution["name"],
        lambda one: one.time_zone,
        lambda one: one.colors["brand"],
        lambda one: [one.promises[name]["days"] for name in one.promises],
        lambda one: [one.promise(name, "en") for name in one.promises],
        lambda one: [office["label"] for office in one.offices],
        lambda one: [unit["label"] for unit in one.units],
        lambda one: [term["starts"] for term in one.terms],
        lambda one: sorted(one.holidays),
        lambda one: one.page("start", "en")["headline"],
        lambda one: one.letter("accept", "en")["text"],
        lambda one: one.letter("decline", "en")["text"],
        lambda one: one.mail("receipt", "en")["text"],
        lambda one: one.public_label("received", "en")["label"],
    ):
        assert len({str(seen(one)) for one in three}) == 3


def test_partner_first_asks_little_and_governance_first_asks_for_evidence_first() -> None:
    asked = {one: len(must(one, "faculty")) for one in (PARTNER_FIRST, EXAMPLE, GOVERNANCE_FIRST)}
    assert asked[PARTNER_FIRST] < asked[EXAMPLE] < asked[GOVERNANCE_FIRST]
    assert len(must(PARTNER_FIRST, "partner")) < len(must(EXAMPLE, "partner"))
    pages = [section["id"] for section, _ in GOVERNANCE_FIRST.pages("faculty")]
    assert pages.index("evidence") < pages.index("idea")
    assert GOVERNANCE_FIRST.page("start", "en")["approvals"]
    assert PARTNER_FIRST.branches[0] == "partner"


def must(profile: Profile, branch: str) -> list[str]:
    """The questions that a branch has to answer before it can send."""
    needs = {spec["key"]: profile.need(spec, branch) for spec in profile.questions}
    return [key for key, need in needs.items() if need in ("required", "or_not_sure")]


@pytest.mark.parametrize("profile", OTHERS, ids=lambda one: one.institution["short_name"])
def test_every_branch_of_the_others_can_be_sent(profile: Profile) -> None:
    for branch in profile.branches:
        body = {key: something(profile, key, branch) for key in must(profile, branch)}
        body = {key: value for key, value in body.items() if value is not None}
        assert not refusals(body | {profile.body["branch_question"]: branch}, profile)
        clean = validation.load(profile, body | {profile.body["branch_question"]: branch})
        assert clean[profile.key_of("title", branch) or ""] == "Reading shop drawings"
    assert set(json_schema(profile)["$defs"]) > {f"answers_{branch}" for branch in profile.branches}


def something(profile: Profile, key: str, branch: str) -> object:
    """The least answer that a question takes; None for one that these answers do not open."""
    spec = profile.question(key)
    if "when" in spec:
        return None
    if profile.need(spec, branch) == "or_not_sure":
        return {"not_sure": True}
    offered = [choice["value"] for choice in profile.choices(spec, branch)]
    least = next((one for one in offered if one.startswith("no")), offered[0] if offered else None)
    plain = {"email": "ray@okafor.example", "consent": True, "single": least, "multi": [least]}
    return plain.get(spec["type"], "Reading shop drawings")
