"""The few words that the parts say by themselves; all other text comes from pages and profile."""

from typing import Any

from flask import g, has_request_context

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "skip": "Skip to main content",
        "continue": "Continue",
        "go_back": "Back",
        "main": "Main",
        "optional": "optional",
        "error": "Error",
        "errors_1": "One thing to put right",
        "errors_n": "{count} things to put right",
        "kept": "Everything you typed is still here.",
        "most": "Up to {most} characters",
        "count": "{count} of {most} characters",
        "too_many": "{count} of {most} characters, {over} too many",
        "remove": "Remove",
        "or": "or",
        "from": "Number, or from",
        "to": "To, if it is a range",
        "choose": "Choose one",
        "step": "Step {step} of {steps}",
        "minutes_1": "about a minute",
        "minutes_n": "about {minutes} minutes",
        "left_1": "about a minute left",
        "left_n": "about {minutes} minutes left",
        "next": "Next: {title}",
        "all_steps": "All steps",
        "done": "done",
        "just_now": "just now",
        "minutes_ago_1": "a minute ago",
        "minutes_ago_n": "{count} minutes ago",
        "hours_ago_1": "an hour ago",
        "hours_ago_n": "{count} hours ago",
        "yesterday": "yesterday",
        "days_ago_1": "a day ago",
        "days_ago_n": "{count} days ago",
        "minutes_ahead_1": "in a minute",
        "minutes_ahead_n": "in {count} minutes",
        "hours_ahead_1": "in an hour",
        "hours_ahead_n": "in {count} hours",
        "tomorrow": "tomorrow",
        "days_ahead_1": "in a day",
        "days_ahead_n": "in {count} days",
        "at": "{day}, {clock}",
        "change": "Change",
        "answer": "Answer",
        "we_will_talk": "We will talk about this",
        "flags": "more flags",
        "newer": "Newer",
        "older": "Older",
        "pages": "Pages",
        "not_seen": "Not seen by you",
        "you": "You",
        "request_id": "Request id",
        "home": "Go to the start page",
        "back_keeps": "Your browser’s Back button returns to the page before, with what you typed.",
    },
    "es": {
        "skip": "Ir al contenido principal",
        "continue": "Continuar",
        "go_back": "Atrás",
        "main": "Principal",
        "optional": "opcional",
        "error": "Error",
        "errors_1": "Falta corregir una cosa",
        "errors_n": "Falta corregir {count} cosas",
        "kept": "Todo lo que escribió sigue aquí.",
        "most": "Hasta {most} caracteres",
        "count": "{count} de {most} caracteres",
        "too_many": "{count} de {most} caracteres, sobran {over}",
        "remove": "Quitar",
        "or": "o",
        "from": "Número, o desde",
        "to": "Hasta, si es un rango",
        "choose": "Elija una opción",
        "step": "Paso {step} de {steps}",
        "minutes_1": "un minuto más o menos",
        "minutes_n": "unos {minutes} minutos",
        "left_1": "queda un minuto más o menos",
        "left_n": "quedan unos {minutes} minutos",
        "next": "Después: {title}",
        "all_steps": "Todos los pasos",
        "done": "listo",
        "just_now": "ahora mismo",
        "minutes_ago_1": "hace un minuto",
        "minutes_ago_n": "hace {count} minutos",
        "hours_ago_1": "hace una hora",
        "hours_ago_n": "hace {count} horas",
        "yesterday": "ayer",
        "days_ago_1": "hace un día",
        "days_ago_n": "hace {count} días",
        "minutes_ahead_1": "en un minuto",
        "minutes_ahead_n": "en {count} minutos",
        "hours_ahead_1": "en una hora",
        "hours_ahead_n": "en {count} horas",
        "tomorrow": "mañana",
        "days_ahead_1": "en un día",
        "days_ahead_n": "en {count} días",
        "at": "{day}, {clock}",
        "change": "Cambiar",
        "answer": "Responder",
        "we_will_talk": "Lo hablaremos",
        "flags": "avisos más",
        "newer": "Más recientes",
        "older": "Más antiguos",
        "pages": "Páginas",
        "not_seen": "Aún no lo ha visto",
        "you": "Usted",
        "request_id": "Número de solicitud",
        "home": "Ir a la página de inicio",
        "back_keeps": "El botón Atrás de su navegador vuelve a la página anterior, con lo escrito.",
    },
}


def language() -> str:
    """The language of this page: `g.language` where a page has set it, else English."""
    chosen = g.get("language", "en") if has_request_context() else "en"
    return chosen if chosen in LABELS else "en"


def say(word: str, **values: Any) -> str:
    """One of the words in the language of this page; numbers get their thousands commas."""
    shown = {name: f"{each:,}" if isinstance(each, int) else each for name, each in values.items()}
    return LABELS[language()][word].format(**shown)


def say_many(word: str, count: int, **values: Any) -> str:
    """The form for one (`word_1`) or for several (`word_n`)."""
    return say(f"{word}_1" if count == 1 else f"{word}_n", count=count, **values)
