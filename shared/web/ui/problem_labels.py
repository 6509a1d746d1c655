"""Titles and texts of problem pages in other languages; programs always get the English ones.

By status, or by code where one status means several things; `GENERAL` covers the rest.
"""

from typing import Any

from shared.web.ui.labels import say

GENERAL = "otherwise"

LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "es": {
        "404": (
            "No se encontró",
            "No hay ninguna página en esta dirección. Revise si está bien escrita o vaya al"
            " inicio.",
        ),
        "405": ("Esto no es posible aquí", "Esta dirección no acepta lo que se le envió."),
        "413": ("Es demasiado grande", "Lo que envió supera el tamaño que aceptan estas páginas."),
        "415": ("No es un formulario", "Envíe el formulario desde la página donde está."),
        "429": (
            "Demasiadas solicitudes",
            "Recibimos muchas solicitudes desde su red. Inténtelo de nuevo en una hora.",
        ),
        "500": (
            "Ocurrió un error",
            "No se guardó nada. Díganos el número de solicitud, y lo revisaremos.",
        ),
        "503": (
            "No está disponible por ahora",
            "No se guardó nada. Inténtelo de nuevo en unos segundos.",
        ),
        "no_form": (
            "No está disponible por ahora",
            "Estamos preparando el formulario. Inténtelo de nuevo en unos minutos.",
        ),
        GENERAL: (
            "No pudimos hacer esto",
            "No entendimos la solicitud. Vuelva a la página anterior e inténtelo de nuevo.",
        ),
    }
}


def in_language(problem: dict[str, Any], language: str) -> dict[str, Any]:
    """The problem with title and detail in this language; unchanged if there is no translation."""
    if problem["code"] == "open_too_long":
        return problem | {"title": say("timed_out")}
    words = LABELS.get(language)
    if words is None:
        return problem
    by_status = words.get(str(problem["status"]), words[GENERAL])
    title, detail = words.get(problem["code"], by_status)
    return problem | {"title": title, "detail": detail, "errors": []}
