"""The tour of the mails: each kind in each language, light and wide, dark and narrow.

The pictures show what notify renders from the profile, so they include kinds that the tour never
sends.
"""

from email import message_from_bytes, policy
from itertools import product

from playwright.sync_api import Page

from services.notify.composing.rendering import Branding, Words, render
from shared.mails.kinds import KINDS
from shared.profile import Profile, text
from shared.tables import now
from tests.browser.screens_camera import Camera
from tests.browser.screens_faults import faults
from tests.notify.mailing import a_mail
from tests.notify.sample_variables import variables

WIDE, NARROW = {"width": 800, "height": 800}, {"width": 320, "height": 640}

# Parts of a mail that never come together with those that stay.
OTHERS = ("on_hold", "declined", "neutral", "copy_waits")


def kinds(camera: Camera, profile: Profile) -> None:
    """Take every kind in every language of the profile."""
    for kind, language in product(KINDS, profile.languages):
        drawn = page_of(profile, kind, language)
        _shoot(camera, drawn, f"mail-{kind.replace('_', '-')}-{language}")


def page_of(profile: Profile, kind: str, language: str) -> str:
    """The HTML part of a mail of this kind."""
    told = {name: "" if name in OTHERS else value for name, value in variables(kind).items()}
    template = profile.mail(kind, language)
    words = Words(
        text.render_line(template["subject"], told), text.render(template["text"], told).strip()
    )
    look = Branding(
        profile.institution["name"], profile.colors["brand"], profile.colors["on_brand"]
    )
    request = a_mail(kind=kind, language=language, variables=told)
    mail = render(request, words=words, branding=look, sender="a@lakeside.example", at=now())
    part = message_from_bytes(mail, policy=policy.default).get_body(("html",))
    if part is None:
        raise ValueError(f"{kind} has no page")
    drawn: str = part.get_content()
    return drawn


def _shoot(camera: Camera, drawn: str, name: str) -> None:
    with camera.window() as page:
        page.set_content(drawn)
        _shoot_mail(camera, page, name, WIDE)
        page.emulate_media(color_scheme="dark")
        _shoot_mail(camera, page, f"{name}-dark-320", NARROW)


def _shoot_mail(camera: Camera, page: Page, name: str, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.screenshot(path=camera.folder / f"{name}.png", full_page=True)
    camera.keep(name, faults(page))
