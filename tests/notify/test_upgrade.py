"""A database of the release before comes through the upgrade with every mail and its attempts."""

from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from services.notify.models import Mail, MailAttempt
from shared import db, migrations
from shared.migrations import chain
from tests.apps import close, make
from tests.factories import rows

MOMENT = "2026-09-01 12:00:00.000000"
MAIL = """INSERT INTO mails (id, dedupe_key, kind, on_doubt, message_id, rendered, kept, recipient,
  envelope_from, state, version, attempts, deferrals, next_attempt_at, expires_at, proposal_id,
  traceparent, created_at, changed_at)
  VALUES (:id, 'receipt:1', 'receipt', 'resend', '<1@here>', 'text', 'whole', 'dana@firm.example',
  'us@here.example', 'sent', 2, 1, 0, :at, :at, :proposal, '00', :at, :at)"""
ATTEMPT = "INSERT INTO mail_attempts (mail_id, n, outcome, ended_at) VALUES (:id, 1, 'sent', :at)"


def test_mails_and_their_attempts_are_kept(tmp_path: Path):
    app = make("notify", DATABASE_URL=f"sqlite:///{tmp_path}/notify.db")
    values = {"id": uuid4().hex, "proposal": uuid4().hex, "at": MOMENT}
    with app.app_context():
        config = Config()
        config.set_main_option("script_location", str(migrations.folder()))
        db.database().make()
        engine = db.database().engine.execution_options(immediate=True)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0003")
            connection.execute(text(MAIL), values)
            connection.execute(text(ATTEMPT), values)
        chain.upgrade()
    (mail,) = rows(app, Mail)
    (attempt,) = rows(app, MailAttempt)
    assert (mail.kind, mail.recipient, mail.state) == ("receipt", "dana@firm.example", "sent")
    assert (attempt.mail_id, attempt.n) == (mail.id, 1)
    close(app)
