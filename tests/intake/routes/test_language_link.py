"""The link to the other language opens a page wherever it is shown, also in an answer to a form."""

from flask import Flask

from tests.factories import sample
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, get, page_of, press
from tests.intake.mailed_links import HALF, link_in, mailed

SENT_BY_PROGRAMS = {"/api/v1/proposals", "/reminders/<token>"}  # the latter by mail programs


def addresses_of_forms(intake: Flask) -> list[str]:
    """Every address to which a form of a page is posted."""
    rules = [rule for rule in intake.url_map.iter_rules() if "POST" in (rule.methods or set())]
    named = {rule.rule for rule in rules if "draft" in rule.arguments}
    old = {address.replace("/<draft>", "") for address in named}  # these only redirect
    return sorted({rule.rule for rule in rules} - SENT_BY_PROGRAMS - old)


def test_the_language_can_be_changed_on_every_answer_to_a_form(apps: dict[str, Flask]):
    intake = apps["intake"]
    client = intake.test_client()
    typed.core(client, sample(HALF))
    saved = get(client, "/draft/saved")
    saved.form.named("email")[0].value = "ada@harborhealth.example"
    assert press(client, saved, ("go", "mail")).path == "/draft/saved"
    (mail,) = mailed(intake, "draft_saved")
    token = link_in(mail).rpartition("/")[2]
    for rule in addresses_of_forms(intake):
        path = rule.replace("<token>", token).replace("<name>", "you")
        path = path.replace("<draft>", saved.address.split("/")[2])
        timed_out = page_of(client.post(path, data={"csrf_token": "old"}, headers=HTML))
        assert timed_out.status in (400, 403), path
        links = {link for link in timed_out.links if link.endswith("?lang=es")}
        if links:
            (address,) = links
            spanish = get(client, address)
        else:  # a form that keeps what is typed
            spanish = press(client, timed_out, ("lang", "es"))
        assert (spanish.status, spanish.attributes("html")) == (200, [{"lang": "es"}]), path
        get(client, "/?lang=en")
