"""A path or query that is no plain text is refused before any page or database sees it."""

from pathlib import Path

import pytest
from flask import Flask

from infra import mailbox
from services.review.models import StaffSession
from tests.factories import count
from tests.intake.browsing import HTML
from tests.review.office import signed_in, visit

ODD = ["%00", "a%00b", "%ff", "%ed%a0%80", "%0d%0a", "%1b[31m", "%c0%ae%c0%ae", "%ef%bf%bd"]
PATHS = {
    "review": ["/account/sessions/{}/end", "/people/{}/out", "/operations/intake/{}/again",
               "/cases/{}", "/cases/HK4T-W7RB/mails/{}/settle", "/password/{}", "/api/v1/cases/{}"],
    "intake": ["/go/{}", "/status/{}", "/draft/{}", "/questions/{}", "/ui/{}/start.css", "/{}"],
    "notify": ["/{}"],
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("service", PATHS)
def test_a_path_that_is_no_text_is_not_found(apps: dict[str, Flask], service: str, odd: str):
    client = signed_in(apps["review"], "admin") if service == "review" else None
    client = client or apps[service].test_client()
    for path in PATHS[service]:
        for method in ("GET", "POST"):
            answer = client.open(path.format(odd), method=method)
            assert answer.status_code == 404, (method, path, answer.status_code)


@pytest.mark.parametrize("odd", ["%00", "a%00", "%ff", "%c3", "%ed%a0%80"])
def test_a_query_that_is_no_text_is_refused(apps: dict[str, Flask], odd: str):
    office = signed_in(apps["review"])
    for client, path in [
        (office, f"/?q={odd}"), (office, f"/?{odd}=1"), (office, f"/?after={odd}"),
        (office, f"/sign-in?next={odd}"), (apps["intake"].test_client(), f"/?lang={odd}"),
        (apps["intake"].test_client(), f"/start?as={odd}"),
    ]:  # fmt: skip
        assert client.get(path, headers=HTML).status_code == 400, path


def test_an_end_of_a_session_with_a_zero_byte_ends_no_session(apps: dict[str, Flask]):
    client = signed_in(apps["review"])
    token = visit(client, "/account").forms[0].named("csrf_token")[0].value
    answer = client.post("/account/sessions/%00/end", data={"csrf_token": token}, headers=HTML)
    assert answer.status_code == 404
    assert count(apps["review"], StaffSession) == 1
    assert visit(client, "/account").status == 200


@pytest.mark.parametrize("number", ["99999999999999999999", "9" * 5000, "0", "-1", "٣", "1.0"])
@pytest.mark.parametrize("path", ["/messages/{}", "/messages/{}/html"])
def test_a_number_that_no_mail_has_is_not_found_in_the_mailbox(
    tmp_path: Path, path: str, number: str
):
    client = mailbox.create_app(tmp_path / "mail.db").test_client()
    assert client.get(path.format(number)).status_code == 404
