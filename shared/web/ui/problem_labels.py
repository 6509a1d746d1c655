"""What the page of a problem says in other languages than English, which programs get.

By status, and by code where one means several things; what has no word here is told in general.
"""

from typing import Any

GENERAL = "otherwise"

LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "es": {
        "404": (
            "No se encontró",
            "Aquí no hay nada. Revise si falta una letra, o vaya a la página de inicio.",
        ),
        "405": ("Aquí no es posible", "Esta dirección no acepta lo que se le envió."),
        "413": ("Es demasiado grande", "Lo que envió es más de lo que aceptan estas páginas."),
        "415": ("No es un formulario", "Envíe el formulario desde su página."),
        "429": (
            "Demasiadas veces seguidas",
            "Desde su red llegaron muchas solicitudes en esta hora. Inténtelo en una hora.",
        ),
        "500": (
            "Un fallo nuestro",
            "No se guardó nada. Díganos el número de solicitud y lo revisamos.",
        ),
        "503": (
            "No está disponible por ahora",
            "No se guardó nada. Inténtelo en unos segundos; su texto sigue con usted.",
        ),
        "no_form": (
            "No está disponible por ahora",
            "Estamos preparando el formulario. Inténtelo en unos minutos.",
        ),
        GENERAL: (
            "No pudimos hacer esto",
            "La solicitud no se entiende. Vuelva a la página anterior e inténtelo otra vez.",
        ),
    }
}


def in_language(problem: dict[str, Any], language: str) -> dict[str, Any]:
    """The problem with title and detail for this language; as it is where we have no words."""
    words = LABELS.get(language)
    if words is None:
        return problem
    by_status = words.get(str(problem["status"]), words[GENERAL])
    title, detail = words.get(problem["code"], by_status)
    return problem | {"title": title, "detail": detail, "errors": []}
