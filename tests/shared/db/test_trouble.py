"""What an operator reads about a database that cannot be used, and what they are told to do."""

import sqlite3

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from shared.db import trouble
from tests.apps import on_sqlite

WHERE = 'connection failed: connection to server at "10.0.0.7", port 5432 failed: '


@on_sqlite
@pytest.mark.parametrize(
    ("said", "mend"),
    [
        (
            'FATAL: password authentication failed for user "intake"',
            "set the password of this user in INTAKE_DATABASE_URL",
        ),
        ("Connection refused", "start the database, or correct INTAKE_DATABASE_URL"),
    ],
)
def test_the_mend_fits_the_cause_and_names_the_variable_that_was_set(
    apps: dict[str, Flask], monkeypatch: pytest.MonkeyPatch, said: str, mend: str
):
    monkeypatch.setenv("INTAKE_DATABASE_URL", "postgresql://x")
    with apps["intake"].app_context():
        found = trouble.of(OperationalError("SELECT 1", None, Exception(WHERE + said)))
    assert found.mend == mend
    assert "10.0.0.7" in found.detail and found.detail.endswith(said)


@on_sqlite
def test_a_file_that_cannot_be_written_is_not_to_be_started(apps: dict[str, Flask]):
    error = sqlite3.OperationalError("attempt to write a readonly database")
    with apps["intake"].app_context():
        found = trouble.of(OperationalError("INSERT", None, error))
    assert found.mend == "see that this user may write the file of OVERTURE_DATABASE_URL"
