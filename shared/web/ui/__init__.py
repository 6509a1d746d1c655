"""The design of the pages: tokens, parts, form macros, fonts; `init_app` for services with pages.

    ui.init_app(app)                 after web.init_app; intake
    ui.init_app(app, staff=True)     review: error pages in the staff frame

Pages extend ui/public.html or ui/staff.html and import ui/forms.html, ui/parts.html, ui/lists.html;
their first lines list what they offer. Functions in every template: asset(name), brand(kind),
home(), look(), say(word), and those only the macros call. Filters: day, moment, ago, initials,
dialed, thousands, typed_length.

`g.language` (en, es) is the language of a page. A page that has loaded the profile calls
`theme.use(profile)` to avoid a second query.
"""

from flask import Flask

from shared.web.ui import assets, controls, fields, filters, labels, problem_pages, steps, theme


def init_app(app: Flask, *, staff: bool = False) -> None:
    """Serve assets, register template functions, and show problems as pages to browsers."""
    layout = "ui/staff.html" if staff else "ui/public.html"
    app.extensions["ui"] = {"layout": layout, "home": lambda: "home"}
    app.register_blueprint(assets.bp)
    app.jinja_env.filters.update(filters.FILTERS)
    app.jinja_env.globals.update(
        asset=assets.address,
        home=assets.home,
        brand=theme.address,
        look=theme.current,
        say=labels.say,
        say_many=labels.say_many,
        as_field=fields.as_field,
        summary_lines=fields.summary_lines,
        id_of=fields.id_of,
        input_of=controls.input_of,
        described_by=controls.described_by,
        position=steps.position,
        NOT_SURE=fields.NOT_SURE,
    )
    problem_pages.init_app(app)
