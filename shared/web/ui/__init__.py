"""How Overture looks: tokens, parts, form macros, fonts; one `init_app` for services with pages.

    ui.init_app(app)                 after web.init_app; intake
    ui.init_app(app, staff=True)     review: error pages in the staff frame

Pages extend ui/public.html or ui/staff.html and import ui/forms.html, ui/parts.html, ui/lists.html;
each says at its top what it offers. Functions in every template: asset(name), brand(kind), home(),
look(), say(word), and those that only the macros call. Filters: day, moment, ago, initials, dialed,
thousands, typed_length.

`g.language` (en, es) is the language of a page; `theme.use(profile)` spares a page that has loaded
the profile a second look into the database.
"""

from flask import Flask

from shared.web.ui import assets, controls, fields, filters, labels, problem_pages, steps, theme


def init_app(app: Flask, *, staff: bool = False) -> None:
    """Serve the assets, teach the templates, and show problems as pages to those who read pages."""
    app.extensions["ui"] = {"layout": "ui/staff.html" if staff else "ui/public.html"}
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
        complaints=fields.complaints,
        id_of=fields.id_of,
        input_of=controls.input_of,
        described_by=controls.described_by,
        position=steps.position,
        NOT_SURE=fields.NOT_SURE,
    )
    problem_pages.init_app(app)
