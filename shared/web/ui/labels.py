"""The labels of the shared parts of a page; all other text comes from pages and profile."""

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
        "errors_1": "There is a problem",
        "errors_n": "Please fix {count} things",
        "kept": "Everything you typed is still here.",
        "timed_out": "This page timed out",
        "timed_out_text": "Everything you typed is still here. Please select the button again.",
        "most": "Up to {most} characters",
        "count": "{count} of {most} characters",
        "too_many": "{count} of {most} characters, {over} too many",
        "remove": "Remove",
        "or": "or",
        "from": "About how many?",
        "to": "Up to (optional)",
        "choose": "Choose an option",
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
        "we_will_talk": "We’ll talk about this",
        "flags": "more flags",
        "newer": "Newer",
        "older": "Older",
        "pages": "Pages",
        "not_seen": "Unread",
        "you": "You",
        "request_id": "Request ID",
        "home": "Go to the start page",
        "back_keeps": "Your browser’s Back button takes you back to what you typed.",
    },
    "es": {
        "skip": "Ir al contenido principal",
        "continue": "Continuar",
        "go_back": "Atrás",
        "main": "Principal",
        "optional": "opcional",
        "error": "Error",
        "errors_1": "Hay un problema",
        "errors_n": "Por favor, corrija {count} cosas",
        "kept": "Todo lo que escribió sigue aquí.",
        "timed_out": "El tiempo de esta página se agotó",
        "timed_out_text": "Todo lo que escribió sigue aquí. Seleccione el botón otra vez.",
        "most": "Hasta {most} caracteres",
        "count": "{count} de {most} caracteres",
        "too_many": "{count} de {most} caracteres, sobran {over}",
        "remove": "Quitar",
        "or": "o",
        "from": "¿Cuántos, más o menos?",
        "to": "Hasta (opcional)",
        "choose": "Elija una opción",
        "step": "Paso {step} de {steps}",
        "minutes_1": "alrededor de un minuto",
        "minutes_n": "alrededor de {minutes} minutos",
        "left_1": "falta alrededor de un minuto",
        "left_n": "faltan alrededor de {minutes} minutos",
        "next": "A continuación: {title}",
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
        "we_will_talk": "Hablaremos de esto",
        "flags": "avisos más",
        "newer": "Más recientes",
        "older": "Más antiguos",
        "pages": "Páginas",
        "not_seen": "Sin leer",
        "you": "Usted",
        "request_id": "Número de solicitud",
        "home": "Ir a la página de inicio",
        "back_keeps": "Con el botón Atrás de su navegador puede volver a lo que escribió.",
    },
}


def language() -> str:
    """The language of this page: `g.language` where a page has set it, else English."""
    chosen = g.get("language", "en") if has_request_context() else "en"
    return chosen if chosen in LABELS else "en"


def say(word: str, **values: Any) -> str:
    """A label in the language of this page; numbers get thousands separators."""
    filled = {name: f"{each:,}" if isinstance(each, int) else each for name, each in values.items()}
    return LABELS[language()][word].format(**filled)


def say_many(word: str, count: int, **values: Any) -> str:
    """The form for one (`word_1`) or for several (`word_n`)."""
    return say(f"{word}_1" if count == 1 else f"{word}_n", count=count, **values)
