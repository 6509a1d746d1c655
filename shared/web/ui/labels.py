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
        "kept_typing": "We save your answers as you type.",
        "kept_office": "Saved as you type. Only you can see this draft.",
        "kept_message": "We save your message as you type. We can’t see it until you send it.",
        "saved_at": "Saved at #.",
        "saved_office": "Saved at #. Only you can see this draft.",
        "offline": (
            "You’re offline. Your text is still on this page. Select the button again when you’re"
            " connected."
        ),
        "held": (
            "We can’t reach our server right now. Your text is still on this page. Please try again"
            " in a minute."
        ),
        "kept_not": "We can’t save right now. Keep this page open, and we’ll keep trying.",
        "kept_ended": "This page can’t save anymore. Copy your text before you leave it.",
        "kept_out": "You’re signed out. |Sign in in a new tab|, and we’ll save this.",
        "kept_conflict": "This changed in another window or on another device. Save to compare.",
        "timed_out": "This page timed out",
        "timed_out_text": "Everything you typed is still here. Please select the button again.",
        "timed_out_again": "Please fill in the form again.",
        "timed_out_reload": "Nothing was saved. Go back, reload the page, and try again.",
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
        "before_noon": "a.m.",
        "after_noon": "p.m.",
        "change": "Change",
        "answer": "Answer",
        "we_will_talk": "We’ll talk about this",
        "flags": "more flags",
        "newer": "Previous",
        "older": "Next",
        "pages": "Pages",
        "not_seen": "Unread",
        "you": "You",
        "request_id": "Request ID",
        "home": "Go to the start page",
        "queue": "Go to the queue",
        "operations": "Go to Operations",
        "you_typed": "What you typed",
        "send_again": "Send again",
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
        "kept_typing": "Guardamos sus respuestas mientras escribe.",
        "kept_office": "Se guarda mientras escribe. Solo usted ve este borrador.",
        "kept_message": (
            "Guardamos su mensaje mientras escribe. No lo vemos hasta que usted lo envíe."
        ),
        "saved_at": "Se guardó a las #.",
        "saved_office": "Se guardó a las #. Solo usted ve este borrador.",
        "offline": (
            "No tiene conexión. Su texto sigue en esta página. Seleccione el botón otra vez cuando"
            " tenga conexión."
        ),
        "held": (
            "No podemos conectar con nuestro servidor ahora. Su texto sigue en esta página."
            " Inténtelo otra vez en un minuto."
        ),
        "kept_not": "No podemos guardar ahora. Deje esta página abierta; seguiremos intentándolo.",
        "kept_ended": "Esta página ya no puede guardar. Copie su texto antes de salir de ella.",
        "kept_out": "Se cerró su sesión. |Inicie sesión en otra pestaña|, y guardaremos esto.",
        "kept_conflict": "Esto cambió en otra ventana o en otro dispositivo. Guarde para comparar.",
        "timed_out": "El tiempo de esta página se agotó",
        "timed_out_text": "Todo lo que escribió sigue aquí. Seleccione el botón otra vez.",
        "timed_out_again": "Por favor, llene el formulario otra vez.",
        "timed_out_reload": "No se guardó nada. Vuelva atrás, recargue la página y repítalo.",
        "most": "Hasta {most} caracteres",
        "count": "{count} de {most} caracteres",
        "too_many": "{count} de {most} caracteres, sobran {over}",
        "remove": "Quitar",
        "or": "o",
        "from": "Número aproximado",
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
        "before_noon": "a.\N{NO-BREAK SPACE}m.",
        "after_noon": "p.\N{NO-BREAK SPACE}m.",
        "change": "Cambiar",
        "answer": "Responder",
        "we_will_talk": "Hablaremos de esto",
        "flags": "avisos más",
        "newer": "Anterior",
        "older": "Siguiente",
        "pages": "Páginas",
        "not_seen": "Sin leer",
        "you": "Usted",
        "request_id": "Número de solicitud",
        "home": "Ir a la página de inicio",
        "queue": "Ir a la lista de casos",
        "operations": "Ir a Operaciones",
        "you_typed": "Lo que escribió",
        "send_again": "Enviar otra vez",
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
