"""The profile that we ship is sound, and one that is not is refused with file, key and reason."""

import re
import shutil
from pathlib import Path

import pytest

from shared import strict_json
from shared.mails.kinds import KINDS
from shared.profile import BrokenProfile, Profile, branch_of, read, value_of, version_of
from shared.profile.answers import validation
from shared.profile.roles import ROLES
from shared.profile.schema.checks import contrast
from shared.profile.text import render
from tests.shared.forms import EXAMPLE, FOLDER, answers_of
from tests.shared.profiles import faults_of

START, YOU, SHAPE, PLAN = (f"questions/{name}.toml" for name in ("start", "you", "shape", "plan"))
BREAKS = {
    "an unknown key": (
        YOU,
        'label = "Email"',
        'lable = "Email"',
        f"{YOU}: questions.contact_email",
    ),
    "two offices with one address": (
        "lists.toml",
        "ecampus@lakeside.example",
        "elearning@lakeside.example",
        "offices.regional.contact.email",
    ),
    "a wrong type": (YOU, "max_chars = 120", 'max_chars = "120"', "contact_name.limits.max_chars"),
    "a type there is not": (YOU, 'type = "email"', 'type = "mail"', "contact_email.type"),
    "a condition on nothing": (SHAPE, '"modality", in', '"mode", in', "location_note.when"),
    "a condition on what comes later": (
        SHAPE,
        '"modality", in',
        '"partner_status", in',
        "before it",
    ),
    "a condition on no choice": (SHAPE, '"in_person", "hyb', '"by_boat", "hyb', "offer “by_boat”"),
    "a part's condition on no part": (SHAPE, '"kind", in', '"sort", in', "stack.parts.into.when"),
    "a role twice": (YOU, 'role = "contact_name"', 'role = "title"', "plays title in branch"),
    "an unknown role": (YOU, 'role = "contact_name"', 'role = "boss"', "contact_name.role"),
    "a role of a wrong type": (YOU, 'type = "email"', 'type = "text"', "needs type email"),
    "a needed role missing": (YOU, 'role = "contact"\n', "", "roles.contact"),
    "an unknown list": (YOU, 'choices_from = "units"', 'choices_from = "teams"', "list “teams”"),
    "an unknown section": (YOU, 'section = "you"', 'section = "me"', "section “me”"),
    "a question twice": (YOU, '"contact_title"', '"contact_name"', "such a question already"),
    "a choice twice": (YOU, 'value = "planned"', 'value = "yes"', "“yes” is offered twice"),
    "nothing to choose": (PLAN, 'choices_from = "terms"\nchoices', "seed_was", "target_term"),
    "limits that contradict": (PLAN, "max = 100000", "max = -1", "fee.limits.min: is larger"),
    "limits that do not fit": (YOU, "{ max_chars = 254 }", "{ max_items = 3 }", "no such limit"),
    "a preset not offered": (PLAN, 'partner = "we_are', 'partner = "they_are', "preset.partner"),
    "a branch there is not": (START, 'other = "required"', 'others = "required"', "requirement"),
    "branches unlike their question": (START, 'value = "other"', 'value = "else"', "the branches"),
    "an office there is not": (
        "lists.toml",
        'office = "regional"',
        'office = "moon"',
        "office “moon”",
    ),
    "a unit twice": ("lists.toml", 'value = "library"', 'value = "it"', "lists.toml: units.it"),
    "a term without a date": ("lists.toml", "2026-08-24", '"in fall"', "terms.fall_2026.starts"),
    "no address": ("lists.toml", "elearning@lakeside", "elearning at lakeside", "contact.email"),
    "no holiday": ("institution.toml", "date = 2026-09-07", 'date = "Labor Day"', "is not a date"),
    "no time zone": ("institution.toml", "America/New_York", "Lakeside/Main", "time_zone"),
    "no evening": ("institution.toml", "closes = 18", "closes = 8", "is not after opens"),
    "a pale color": ("institution.toml", "#0d4a5b", "#7fb5c5", "colors.brand: its contrast"),
    "no promise": (
        "institution.toml",
        "[promises.meeting]\ndays = 10",
        "[promises.meeting]",
        "days",
    ),
    "a wording missing": (
        "institution.toml",
        '", es = "Tiene una',
        '", fr = "Tiene una',
        "first_reply.wording",
    ),
    "a text missing": (
        "mails.toml",
        "[mails.receipt.es]",
        "[mails.receipt.fr]",
        "mails.receipt.es",
    ),
    "an unknown mail": ("mails.toml", "[mails.receipt.es]", "[mails.invoice.es]", "kind of mail"),
    "a placeholder of another mail": ("mails.toml", "{{first_reply_by}}", "{{letter}}", "“letter”"),
    "a long subject": ("mails.toml", "We received your idea", "We received it " * 5, "subject"),
    "minutes that do not add up": (
        "form.toml",
        "partner = 12",
        "partner = 9",
        "core_minutes.partner",
    ),
    "a page too full": ("form.toml", "max_questions = 6", "max_questions = 5", "sections.plan"),
    "a language not spoken": ("form.toml", '["en", "es"]', '["en", "es", "tlh"]', "“tlh”"),
    "a table twice": ("form.toml", "[pages]", "[colors]\n[pages]", "is already in form.toml"),
    "not TOML": ("form.toml", "[pages]", "[pages", "form.toml: (the file): is not TOML"),
    "an infinite default": ("questions/send.toml", "default = true", "default = inf", "infinite"),
    "no number": (
        "questions/learners.toml",
        "max = 100000",
        "max = inf",
        "learner_count_first.limits.max",
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_profile_is_refused_with_file_key_and_reason(what: str, tmp_path: Path) -> None:
    file, old, new, told = BREAKS[what]
    assert any(told in fault for fault in faults_of(tmp_path, file, old, new))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "copy")
    (tmp_path / "copy" / "mails.toml").unlink()
    with pytest.raises(BrokenProfile) as raised:
        read(tmp_path / "copy")
    fault = "mails.toml: mails: no file has it; copy the one of profiles/example"
    assert fault in str(raised.value).splitlines()


@pytest.mark.parametrize("left", ["{{#if", "{{/if}}"])
def test_a_subject_with_half_a_condition_says_so(left: str, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "copy")
    file = tmp_path / "copy" / "mails.toml"
    start, mark, end = file.read_text(encoding="utf-8").partition("subject = ")
    half = "{{#if name}}" if left == "{{#if" else left
    file.write_text(f"{start}{mark}{end[0]}{half}{end[1:]}", encoding="utf-8")
    with pytest.raises(BrokenProfile, match="{{#if}} without {{/if}}"):
        read(tmp_path / "copy")


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "institution.toml", tmp_path)
    with pytest.raises(BrokenProfile) as refused:
        read(tmp_path)
    assert {fault.key for fault in refused.value.faults} >= {"questions", "mails", "form", "units"}


def test_an_empty_folder_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(BrokenProfile, match="no profile here"):
        read(tmp_path)


def test_a_profile_of_more_than_900_kib_is_refused(tmp_path: Path) -> None:
    many = "".join(f'[[goals]]\nvalue = "g{n}"\nlabel = "{"x" * 999}"\n' for n in range(1000))
    faults = faults_of(tmp_path, "lists.toml", "[[goals]]", many + "[[goals]]")
    assert any("921,600 are the most" in fault for fault in faults)


def test_the_body_is_plain_json_and_its_version_is_its_fingerprint() -> None:
    body = EXAMPLE.body
    there_and_back = strict_json.loads(strict_json.dumps(body))
    assert there_and_back == body
    assert version_of(there_and_back) == EXAMPLE.version == Profile.of(there_and_back).version
    assert re.fullmatch("[0-9a-f]{64}", EXAMPLE.version)
    assert version_of(body | {"version": 2}) != EXAMPLE.version


def test_every_role_is_played_in_some_branch_and_once() -> None:
    assert set(EXAMPLE.body["roles"]) == ROLES
    played = {role: [EXAMPLE.key_of(role, one) for one in EXAMPLE.branches] for role in ROLES}
    assert all(any(keys) for keys in played.values())
    assert played["target_term"] == ["target_term", "target_term", "needed_by", None]


@pytest.mark.parametrize("branch", EXAMPLE.branches)
def test_each_question_of_a_branch_is_on_one_page(branch: str) -> None:
    keys = [spec["key"] for _, questions in EXAMPLE.pages(branch) for spec in questions]
    assert sorted(keys) == sorted(spec["key"] for spec in EXAMPLE.questions_for(branch))
    for section, questions in EXAMPLE.pages(branch):
        for spec in questions:
            must = EXAMPLE.need(spec, branch) in ("required", "or_not_sure")
            assert section["kind"] == "send" or must == (section["kind"] == "core")


def test_an_answer_is_found_by_its_role() -> None:
    body = validation.load(EXAMPLE, answers_of("partner-half-idea"))
    assert branch_of(EXAMPLE, body) == "partner"
    assert value_of(EXAMPLE, body, "contact") == "ray@okafor-millwork.example"
    assert value_of(EXAMPLE, body, "partner") == "we_are_partner"
    assert value_of(EXAMPLE, body, "skills") is None  # not sure
    assert value_of(EXAMPLE, body, "sponsor_unit") is None  # not asked
    assert value_of(EXAMPLE, {}, "contact") is None


def test_units_know_their_office_and_offices_their_person() -> None:
    unit = EXAMPLE.unit("applied_studies")
    assert unit is not None and EXAMPLE.office(unit["office"])["contact"]["name"] == "Marcus Bell"
    assert EXAMPLE.unit("not_listed") is None
    assert [choice["value"] for choice in EXAMPLE.choices("unit_id", "faculty")][-1] == "not_listed"


INSTEAD = ("on_hold", "declined", "neutral", "copy_waits")  # of another: accepted, or answers
DATE = re.compile("[a-z_]+_(by|until)|until|due|when|before")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", EXAMPLE.languages)
def test_every_mail_is_short_plain_and_complete(kind: str, language: str) -> None:
    mail = EXAMPLE.mail(kind, language)
    words = {name: f"<{name}>" for name in KINDS[kind].variables().fields} | {
        "reference": "HK4T-W7RB"
    }
    words |= dict.fromkeys(INSTEAD, "")
    text = render(mail["text"], words)
    assert len(render(mail["subject"], words)) <= 60
    assert ("HK4T-W7RB" in text) == KINDS[kind].about_a_proposal
    assert len(text.split()) <= 120
    links = re.findall("<[a-z]+_url>", text)
    assert len(links) == 1  # one thing to do
    if KINDS[kind].group != "staff":  # a named human, also in plain text
        assert "<contact_name>" in text and "<contact_email>" in text
    dated = [word for name, word in words.items() if DATE.fullmatch(name)]
    assert all(date in text for date in dated)
    for word in EXAMPLE.body["plain_words"]["never"]:
        assert not re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
