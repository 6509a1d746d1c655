"""What becomes of an email that was not delivered."""

from services.review.forms.cases import ResolveMail
from services.review.lifecycle import unconfirmed_mail
from services.review.routes.case_action import Page, id_of, locked_case, to_case, validate_or_refuse
from services.review.routes.cases.page import bp
from shared.events import MailAnswer


@bp.post("/mails/<mail>/settle")
def resolve_mail(reference: str, mail: str) -> Page:
    form = ResolveMail()
    validate_or_refuse(form)
    with locked_case(reference, form) as (session, case, by):
        resolution = unconfirmed_mail.Resolution(
            id_of(mail), form.version.data, MailAnswer(form.answer.data)
        )
        is_settled = unconfirmed_mail.resolve(session, case, by=by, resolution=resolution)
    return to_case(case, done=f"settle_{form.answer.data}" if is_settled else "settle_tried")
