"""The one cookie of the pages: signed, bound to its host, hidden from scripts."""

import pytest
from flask import Flask

from shared.settings.checks import BadSettings
from tests.apps import PUBLIC, make
from tests.intake.browsing import HTML


def test_the_cookie_is_out_of_reach_and_bound_to_its_host(apps: dict[str, Flask]):
    plain = apps["intake"].test_client().get("/start", headers=HTML).headers["Set-Cookie"]
    assert plain.startswith("intake=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    url = {"INTAKE_URL": "https://ideas.example.edu", "SECRET_KEY": PUBLIC["SECRET_KEY"]}
    url["TRUSTED_HOSTS"] = "ideas.example.edu"
    secure = make("intake", DATABASE_URL=apps["intake"].config["DATABASE_URL"], **url)
    assert secure.config["SESSION_COOKIE_NAME"] == "__Host-intake"
    assert secure.config["SESSION_COOKIE_SECURE"]


def test_a_service_that_can_be_reached_from_elsewhere_starts_with_a_secret_key_only():
    with pytest.raises(BadSettings, match="OVERTURE_SECRET_KEY is missing"):
        make("intake", INTAKE_URL="https://ideas.example.edu", TRUSTED_HOSTS="ideas.example.edu")
