"""Why a reader gets a mail: the footer that says so, and whether they can opt out."""

from enum import StrEnum


class Group(StrEnum):
    """Transactional mail has no opt-out, mail for information has one; the rest goes to staff."""

    TRANSACTIONAL = "transactional"
    FYI = "fyi"
    STAFF = "staff"


class Reason(StrEnum):
    """What the footer of a mail gives as the reason."""

    SENT_AN_IDEA = "idea"
    DRAFT = "draft"
    DRAFT_REMINDER = "reminder"
    LINK = "link"
    NAMED = "named"
    ASKED = "asked"
    NOTICE = "notice"
    STAFF = "staff"
    STAFF_CHOICE = "office"
    STAFF_DIGEST = "digest"

    @property
    def group(self) -> Group:
        """The group of mails that have this reason."""
        return _GROUPS.get(self, Group.TRANSACTIONAL)


_GROUPS = {
    **dict.fromkeys((Reason.DRAFT_REMINDER, Reason.NOTICE), Group.FYI),
    **dict.fromkeys((Reason.STAFF, Reason.STAFF_CHOICE, Reason.STAFF_DIGEST), Group.STAFF),
}

_NO_TRACKING = {
    "en": "We don’t track whether you open our emails.",
    "es": "No registramos si abre nuestros correos.",
}
_FOOTERS = {
    (Reason.SENT_AN_IDEA, "en"): (
        "You’re getting this email because you sent us an idea. We write only when something "
        "changes or we need you."
    ),
    (Reason.SENT_AN_IDEA, "es"): (
        "Recibe este mensaje porque nos envió una idea. Solo escribimos cuando algo cambia o "
        "necesitamos algo de usted."
    ),
    (Reason.DRAFT, "en"): (
        "You’re getting this email because this address was given for an idea that has not been "
        "sent yet. If you delete the idea on its page, these emails end."
    ),
    (Reason.DRAFT, "es"): (
        "Recibe este mensaje porque se dio esta dirección para una idea que aún no se ha enviado. "
        "Si borra la idea en su página, no recibirá más correos."
    ),
    (Reason.DRAFT_REMINDER, "en"): (
        "You’re getting this email because this address was given for an idea that has not been "
        "sent yet. The link leads to a button that ends these reminders."
    ),
    (Reason.DRAFT_REMINDER, "es"): (
        "Recibe este mensaje porque se dio esta dirección para una idea que aún no se ha enviado. "
        "El enlace lleva a un botón que termina estos recordatorios."
    ),
    (Reason.LINK, "en"): (
        "You’re getting this email because someone asked for it with your address or your "
        "reference."
    ),
    (Reason.LINK, "es"): (
        "Recibe este mensaje porque alguien lo pidió con su dirección o su referencia."
    ),
    (Reason.NAMED, "en"): (
        "You’re getting this email because someone named you in an idea that was sent to us."
    ),
    (Reason.NAMED, "es"): (
        "Recibe este mensaje porque alguien dio su nombre en una idea que nos envió."
    ),
    (Reason.ASKED, "en"): (
        "You’re getting this email because you’re asked for your judgment on this idea."
    ),
    (Reason.ASKED, "es"): "Recibe este mensaje porque se le pide su opinión sobre esta idea.",
    (Reason.NOTICE, "en"): (
        "You’re getting this email for your information. If you don’t want any more of these, "
        "reply and tell us."
    ),
    (Reason.NOTICE, "es"): (
        "Recibe este mensaje para su información. Si no quiere recibir más, responda y díganoslo."
    ),
    (Reason.STAFF, "en"): (
        "You’re getting this email because you have an Overture account or read the mailbox of an "
        "office that uses it."
    ),
    (Reason.STAFF, "es"): (
        "Recibe este mensaje porque tiene una cuenta de Overture o lee el buzón de una oficina que "
        "lo usa."
    ),
    (Reason.STAFF_CHOICE, "en"): (
        "You’re getting this email because you have an Overture account. On your account page "
        "you can choose which emails come immediately and which in the daily summary."
    ),
    (Reason.STAFF_CHOICE, "es"): (
        "Recibe este mensaje porque tiene una cuenta de Overture. En la página de su cuenta "
        "elige qué le llega al momento y qué en el resumen diario."
    ),
    (Reason.STAFF_DIGEST, "en"): (
        "You’re getting this email because you have an Overture account. You can turn it off "
        "on your account page."
    ),
    (Reason.STAFF_DIGEST, "es"): (
        "Recibe este mensaje porque tiene una cuenta de Overture. Puede dejar de recibirlo en la "
        "página de su cuenta."
    ),
}


def footer(reason: Reason, *, language: str) -> str:
    """The footer in the language of the reader where we have it, else in English."""
    base = language.partition("-")[0]
    known = base if (reason, base) in _FOOTERS else "en"
    text = _FOOTERS[reason, known]
    return text if reason.group is Group.STAFF else f"{text} {_NO_TRACKING[known]}"
