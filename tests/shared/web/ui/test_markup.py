"""The macros write sound markup for every kind of field in every state."""

import pytest

from tests.browser import gallery, gallery_fields
from tests.shared.web.ui import markup


@pytest.mark.parametrize("name", gallery.PAGES)
def test_every_page_of_the_gallery_is_sound(client, name):
    answer = client.get(f"/gallery/{name}")
    assert answer.status_code == 200
    assert markup.faults(answer.text) == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<h1>x</h1><input id="a">', "no label"),
        ('<h1>x</h1><label for="b">y</label>', "not there"),
        ('<h1>x</h1><i id="a"></i><i id="a"></i>', "2 times"),
        ("<h1>x</h1><fieldset><p>y</p></fieldset>", "legend"),
        ('<h1>x</h1><label>y <input aria-invalid="true"></label>', "nothing says why"),
        ('<h1>x</h1><label>y <input type="radio"></label>', "no group"),
        ('<h1>x</h1><p style="color: red">y</p>', "inline"),
        ('<h1>x</h1><button><svg aria-hidden="true"></svg></button>', "says nothing"),
        ("<p>x</p>", "0 h1"),
    ],
)
def test_the_rules_catch_what_they_are_for(html, said):
    faults_found = markup.faults(html)
    assert len(faults_found) == 1 and said in faults_found[0]


def test_a_field_has_the_order_label_hint_error_control_counter(client):
    page = markup.read(client.get("/gallery/wrong").text)
    field = page.find("input", id="title")[0].parent
    order = [child.tag for child in field.inside if isinstance(child, markup.Element)]
    assert order == ["label", "p", "div", "input", "p"]
    described = page.find("input", id="title")[0].get("aria-describedby")
    assert described == "title-h title-e title-c"


def test_every_error_of_a_page_has_a_line_in_the_summary_that_leads_to_its_control(client):
    page = markup.read(client.get("/gallery/kinds-wrong").text)
    summary = page.find("", id="errors")[0]
    lines = [link.get("href").removeprefix("#") for link in summary.find("a")]
    over = page.find("p", class_="count error-message")
    assert len(lines) == len(page.find("", class_="error-message")) - len(over)
    controls = {each.get("id") for each in page.walk() if each.tag in markup.CONTROLS}
    assert set(lines) <= controls
    assert all(
        page.find("", id=line)[0].get("aria-invalid") == "true" or _in_wrong_group(page, line)
        for line in lines
    )


def _in_wrong_group(page: markup.Element, line: str) -> bool:
    group = page.find("", id=line)[0].above("fieldset")
    return group is not None and "invalid" in group.get("class").split()


def test_a_line_of_the_summary_says_the_label_once_and_what_to_do(client):
    summary = markup.read(client.get("/gallery/wrong").text).find("", id="errors")[0]
    assert [link.text() for link in summary.find("a")] == [
        "Enter a working title.",
        "What need are you trying to meet? Shorten this to 1,200 characters. It has 1,584 now.",
        "Enter at least one skill, or choose “Not sure yet, help me.”",
    ]


def test_an_error_beside_its_field_does_not_repeat_the_label(client):
    page = markup.read(client.get("/gallery/wrong").text)
    assert page.find("", id="title-e")[0].text() == "Error: Enter a working title."


def test_the_title_of_a_page_with_errors_begins_with_the_word(client):
    wrong = markup.read(client.get("/gallery/wrong").text)
    sound = markup.read(client.get("/gallery/form").text)
    assert wrong.find("title")[0].text().startswith("Error: The need")
    assert sound.find("title")[0].text().startswith("The need")
    assert not sound.find("", id="errors")


def test_what_was_typed_is_shown_as_it_was_and_runs_nothing(client):
    page = markup.read(client.get("/gallery/kinds").text)
    assert page.find("input", id="text")[0].get("value") == '"><script>alert(1)</script> & more'
    assert str(page.find("textarea", id="long")[0].inside[0]).startswith("\n\nfirst\n")


def test_optional_is_a_word_and_nothing_is_starred(client):
    page = markup.read(client.get("/gallery/kinds").text)
    assert page.find("label", **{"for": "url"})[0].text() == "Website (optional)"
    assert "(optional)" not in page.find("label", **{"for": "email"})[0].text()
    assert not [each for each in page.find("label") + page.find("legend") if "*" in each.text()]


def test_only_a_field_with_a_limit_has_a_counter(client):
    page = markup.read(client.get("/gallery/form").text)
    assert page.find("", id="need-c")[0].text() == "Up to 1,200 characters"
    noted = page.find("", id="title-c")[0].text()
    assert noted == "Up to 80 characters . Up to 40 fits on a badge."
    assert not page.find("", id="jobs-c")


def test_a_counter_says_by_how_much_a_text_is_too_long(client):
    page = markup.read(client.get("/gallery/wrong").text)
    typed = len(gallery_fields.NEED * 9)
    said = f"{typed:,} of 1,200 characters, {typed - 1200} too many"
    assert page.find("", id="need-c")[0].text() == said


def test_enter_presses_the_first_button_and_that_one_goes_on(client):
    form = markup.read(client.get("/gallery/form").text).find("form")[0]
    first = form.find("button")[0]
    assert (first.get("name"), first.get("value")) == ("go", "next")
    assert first.get("tabindex") == "-1"


def test_rows_are_added_and_removed_by_plain_buttons(client):
    page = markup.read(client.get("/gallery/kinds").text)
    buttons = [(each.get("name"), each.get("value")) for each in page.find("button")]
    assert ("add", "skills") in buttons and ("add", "team") in buttons
    assert ("remove", "team:1") in buttons and ("remove", "team:2") in buttons
    assert ("remove", "skills:1") not in buttons, "the only line cannot be removed"
    removes = [each.text() for each in page.find("button", name="remove")]
    assert removes == ["Remove Person 1", "Remove Person 2"]


def test_not_sure_is_a_choice_of_a_radio_group_and_a_box_beside_everything_else(client):
    page = markup.read(client.get("/gallery/kinds").text)
    radio = page.find("input", id="campus-not-sure")[0]
    assert (radio.get("type"), radio.get("name")) == ("radio", "campus")
    assert "checked" in radio.given and radio.get("value") == "~not_sure"
    for key in ("price", "unit", "help", "place", "skills"):
        box = page.find("input", id=f"{key}-not-sure")[0]
        assert (box.get("type"), box.get("name")) == ("checkbox", f"{key}.not_sure")


def test_the_keyboard_of_a_phone_fits_the_kind(client):
    page = markup.read(client.get("/gallery/kinds").text)
    fits = {
        "email": ("email", "email", "email"),
        "phone": ("tel", "tel", "off"),
        "url": ("url", "url", ""),
        "hours": ("text", "decimal", "off"),
        "price": ("text", "numeric", "off"),
        "code": ("text", "numeric", "one-time-code"),
        "password": ("password", "", "current-password"),
    }
    for name, wanted in fits.items():
        control = page.find("input", id=name)[0]
        got = tuple(control.get(each) for each in ("type", "inputmode", "autocomplete"))
        assert got == wanted, name


def test_a_queue_shows_two_flags_and_counts_the_rest(client):
    page = markup.read(client.get("/gallery/staff").text)
    flags = page.find("span", class_="flags")[0]
    flag_texts = [each.text() for each in flags.find("", class_="flag")]
    assert flag_texts[:3] == ["No sponsor yet", "4 not sure", "+2 more flags"]


def test_a_page_speaks_the_language_that_it_says_it_does(client):
    page = markup.read(client.get("/gallery/es").text)
    assert page.find("html")[0].get("lang") == "es"
    assert page.find("a", class_="skip-link")[0].text() == "Ir al contenido principal"
    assert page.find("", id="errors-h")[0].text() == "Por favor, corrija 3 cosas"
