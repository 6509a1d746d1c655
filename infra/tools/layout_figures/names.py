"""Modules, functions and classes that still bear a name which the layout replaces."""

import ast
from pathlib import Path
from typing import NamedTuple


class Module(NamedTuple):
    """A module and names in it, before and after; `moved` is False if only the names changed."""

    old: str
    new: str
    names: tuple[tuple[str, str], ...] = ()
    moved: bool = True


REVIEW = (
    Module("triage", "lifecycle/arrivals"),
    Module("lifecycle", "lifecycle/transitions", (("act", "apply"),)),
    Module("lifecycle", "lifecycle/actions", (("Step", "Transition"),), moved=False),
    Module("lifecycle", "lifecycle/publication", (("told", "publish"),), moved=False),
    Module("lifecycle", "cases/visibility", (("stands_on", "has_conflict"),), moved=False),
    Module("waking", "timers"),
    Module("watching", "timers"),
    Module("doubts", "lifecycle/unconfirmed_mail", (("Found", "Resolution"),)),
    Module("decisions", "decisions/letters"),
    Module("posts", "conversation/messages"),
    Module("notes", "conversation/notes"),
    Module("clock", "cases/deadlines", (("Alarm", "Reminder"),)),
    Module("caseload", "cases/visibility", (("claim", "lock"),)),
    Module("indexing", "cases/search_index"),
    Module("flags", "cases/flags"),
    Module("audit", "cases/audit", (("look", "record_view"), ("Deed", "AuditEntry"))),
    Module("queue", "queue/listing"),
    Module("searching", "queue/search"),
    Module("dossier", "case_page"),
    Module("alerts", "notifications/case_mail"),
    Module("news", "notifications/morning_digest", (("keep", "enqueue"),)),
    Module("digests", "notifications/weekly_digest"),
    Module("promises", "notifications/deadline_reminders"),
    Module("notices", "staff/mail"),
    Module("wishes", "staff/notification_preferences"),
    Module("keys", "staff/password_tokens"),
    Module("forgotten", "staff/password_resets"),
    Module("staff", "staff/people"),
    Module("routes/people", "routes/staff",
           (("let_out", "deactivate"), ("let_in", "reactivate"), ("place", "change_role"))),
    Module("alarms", "monitoring/alerts"),
    Module("operations", "monitoring/service_status"),
    Module("access", "permissions"),
    Module("words", "labels"),
    Module("publishing", "profile_publishing"),
    Module("routes/acting", "routes/case_action"),
    Module("routes/keys", "routes/password_links"),
    Module("models/cases", "models/cases",
           (("StaffNews", "DigestItem"), ("MailFate", "MailStatus")), moved=False),
    Module("models/people", "models/people", (("StaffKey", "PasswordToken"),), moved=False),
)  # fmt: skip
INTAKE = (
    Module("submissions", "proposals/submission"),
    Module("kept_answers", "proposals/idempotency"),
    Module("people", "proposals/lookup"),
    Module("letters", "notifications/recipients", (("About", "Recipient"),)),
    Module("copies", "notifications/answer_copy"),
    Module("tokens", "access/link_tokens"),
    Module("passes", "access/browser_grants"),
    Module("limits", "access/rate_limits"),
    Module("reminding", "timers"),
    Module("forgetting", "timers"),
    Module("posts", "conversation/messages"),
    Module("words/__init__", "labels/__init__"),
    Module("routes/going", "routes/current_draft"),
    Module("routes/stopping", "routes/save_and_return"),
    Module("routes/sending", "routes/submit"),
    Module("routes/visit", "routes/browser"),
    Module("routes/limited", "routes/rate_limits"),
    Module("routes/access", "routes/sign_in_links"),
    Module("routes/pages", "routes/template_context"),
    Module("forms/typed", "forms/parsing"),
    Module("forms/checking", "forms/check_answers"),
    Module("forms/controls", "forms/fields"),
    Module("models/__init__", "models/proposals", (("KeptAnswer", "StoredResponse"),), moved=False),
    Module("models/__init__", "models/access", (("Pass", "BrowserGrant"),), moved=False),
    Module("models/__init__", "models/projections", (("MailFate", "MailStatus"),), moved=False),
)
NOTIFY = (
    Module("requests", "mail_requests", (("Envelope", "SendingIdentity"),)),
    Module("fate", "delivery_status", (("turn", "change_state"),)),
    Module("hosts", "domains"),
    Module("rows", "mail_table"),
    Module("gauges", "metrics"),
    Module("mailboxes", "inbound/bounce_mailbox"),
    Module("sending/pace", "sending/domain_limits"),
    Module("sending/lane", "sending/lane", (("Said", "LaneReport"),), moved=False),
)
SHARED = (
    Module("looking", "db/polling"),
    Module("stream", "outbox/batching"),
    Module("purge", "outbox/retention"),
    Module("inbox/work", "inbox/retries"),
    Module("erasure", "inbox/tombstones"),
    Module("loops", "worker/loops", (("Beat", "Heartbeat"),)),
    Module("standby", "worker/single_instance"),
    Module("upkeep", "worker/status_report"),
    Module("profile/said", "profile/answers/messages"),
    Module(
        "tables",
        "tables",
        (("WorkRow", "DeferredEvent"), ("ToldRow", "StatusReportRow")),
        moved=False,
    ),
)
RENAMED = {
    "services/review": REVIEW,
    "services/intake": INTAKE,
    "services/notify": NOTIFY,
    "shared": SHARED,
}


def figures(root: Path) -> dict[str, str]:
    """How many of the old names are still in use."""
    total = sum(
        module.moved + len(module.names) for modules in RENAMED.values() for module in modules
    )
    remaining = old_names(root)
    listed = f": {', '.join(remaining)}" if 0 < len(remaining) <= 5 else ""
    return {"old names still in use": f"{len(remaining)} of {total}{listed}"}


def old_names(root: Path) -> list[str]:
    """The old modules, and the old functions and classes in old and new modules."""
    remaining = []
    for folder, modules in RENAMED.items():
        for module in modules:
            if module.moved and (root / folder / f"{module.old}.py").exists():
                remaining.append(f"{folder}/{module.old}.py")
            current = defined(root / folder, module)
            remaining += [f"{folder}/{module.old}: {old}" for old, _ in module.names
                          if old in current]  # fmt: skip
    return remaining


def defined(folder: Path, module: Module) -> set[str]:
    """The functions and classes at the top of the old and the new module."""
    files = {folder / f"{name}.py" for name in (module.old, module.new)}
    bodies = [ast.parse(file.read_text(encoding="utf-8")).body for file in files if file.exists()]
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for body in bodies for node in body if isinstance(node, kinds)}
