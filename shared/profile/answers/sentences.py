"""Sentences for answers that cannot be accepted, in every language of the suite.

`SENTENCES` by code, `ON_PAGES` where a page says it otherwise; `REQUIRED` by type of question,
where the profile has no sentence of its own; `WORDS` for the words that code puts into a sentence.
Code writes the first language.
"""

SENTENCES = {
    "en": {
        "unknown": "This form has no such question. Remove this answer.",
        "not_asked": "This question doesn’t apply to your other answers. Remove this answer.",
        "files_apart": "Send files separately. They can’t be part of the answers.",
        "not_sure_not_offered": "Enter an answer. This question has no “not sure” option.",
        "empty": "Enter an answer, or leave this out.",
        "type": "Use the right kind of answer: {wanted}.",
        "choice": "Choose one of the options in the list.",
        "too_long": "Shorten this to {limit} characters. It has {found} now.",
        "too_many": "Keep this to {limit} at most. There are {found} now.",
        "too_few": "Add more, so that there are at least {limit}. There are {found} now.",
        "duplicate": "This appears twice. Remove one of the two.",
        "stands_alone": "Choose either “{label}” or other options, but not both.",
        "bad_email": "Enter an email address, such as name@example.com.",
        "bad_url": "Enter a web address, such as https://www.example.com.",
        "bad_phone": "There’s no phone number here. Enter one, such as 513-555-0117.",
        "bad_date": "Enter a month or a date, such as 2027-03 or 2027-03-01.",
        "bad_number": "Enter {wanted}.",
        "out_of_range": "Enter a number from {low} to {high}.",
        "bad_text": "{reason}{place}",
    },
    "es": {
        "unknown": "Este formulario no tiene esa pregunta. Quite esta respuesta.",
        "not_asked": "Esta pregunta no corresponde a sus otras respuestas. Quite esta respuesta.",
        "files_apart": "Envíe los archivos aparte. No pueden ir entre las respuestas.",
        "not_sure_not_offered": "Escriba una respuesta. Aquí no se puede elegir «Aún no lo sé».",
        "empty": "Escriba una respuesta o deje esta parte sin responder.",
        "type": "Use el tipo de respuesta correcto: {wanted}.",
        "choice": "Elija una de las opciones de la lista.",
        "too_long": "Acorte el texto a {limit} caracteres. Ahora tiene {found}.",
        "too_many": "Deje {limit} como máximo. Ahora hay {found}.",
        "too_few": "Añada más, hasta llegar a {limit} como mínimo. Ahora hay {found}.",
        "duplicate": "Esto aparece dos veces. Quite una de las dos.",
        "stands_alone": "Elija «{label}» u otras opciones, pero no ambas.",
        "bad_email": "Escriba una dirección de correo, por ejemplo, nombre@example.com.",
        "bad_url": "Escriba una dirección web, por ejemplo, https://www.example.com.",
        "bad_phone": "Aquí falta un número de teléfono. Escriba uno, por ejemplo, 513-555-0117.",
        "bad_date": "Escriba un mes o una fecha, por ejemplo, 2027-03 o 2027-03-01.",
        "bad_number": "Escriba {wanted}.",
        "out_of_range": "Escriba un número de {low} a {high}.",
        "bad_text": "{reason}{place}",
    },
}

# On a page, where more is understood than programs may send.
ON_PAGES = {
    "en": {"bad_date": "Enter a month, such as March 2027 or 3/2027."},
    "es": {"bad_date": "Escriba un mes, por ejemplo, marzo de 2027 o 3/2027."},
}

REQUIRED = {
    "en": {
        "text": "Enter an answer.",
        "long_text": "Enter an answer.",
        "email": "Enter an email address, such as name@example.com.",
        "phone": "Enter a phone number, such as 513-555-0117.",
        "url": "Enter a web address, such as https://www.example.com.",
        "integer_range": "Enter a number or range.",
        "money": "Enter an amount in whole dollars.",
        "number": "Enter a number.",
        "date_or_month": "Enter a month, such as March 2027.",
        "single": "Choose an option.",
        "multi": "Choose at least one option.",
        "list_of_text": "Enter at least one.",
        "consent": "Check the box to continue.",
        "composite": "Answer at least one part of this question.",
        "people": "Add at least one person.",
        "organizations": "Add at least one organization.",
        "files": "Add at least one file.",
    },
    "es": {
        "text": "Escriba una respuesta.",
        "long_text": "Escriba una respuesta.",
        "email": "Escriba una dirección de correo, por ejemplo, nombre@example.com.",
        "phone": "Escriba un teléfono, por ejemplo, 513-555-0117.",
        "url": "Escriba una dirección web, por ejemplo, https://www.example.com.",
        "integer_range": "Escriba un número o un rango.",
        "money": "Escriba una cantidad en dólares enteros.",
        "number": "Escriba un número.",
        "date_or_month": "Escriba un mes, por ejemplo, marzo de 2027.",
        "single": "Elija una opción.",
        "multi": "Elija al menos una opción.",
        "list_of_text": "Escriba al menos una.",
        "consent": "Marque la casilla para continuar.",
        "composite": "Responda al menos una parte de esta pregunta.",
        "people": "Añada al menos una persona.",
        "organizations": "Añada al menos una organización.",
        "files": "Añada al menos un archivo.",
    },
}

OR_CHOOSE = {
    "en": ", or choose “{choice}.”",
    "es": ", o elija «{choice}».",
}

WORDS = {
    "es": {
        "an object of answers": "un objeto de respuestas",
        "one choice": "una opción",
        "true or false": "verdadero o falso",
        "a list": "una lista",
        "text": "texto",
        "a whole number, in digits": "un número entero, en cifras",
        "a whole number, or both ends of a range": "un número entero o un rango",
        "the smaller number first": "primero el número menor",
        "a whole number or a half, such as 2 or 2.5": (
            "un número entero o con medio, por ejemplo, 2 o 2.5"
        ),
        "This text has a character that we can’t use. Delete it here:": (
            "Este texto tiene un carácter que no podemos usar. Bórrelo aquí:"
        ),
        "One letter has too many accents. Please type it again without them.": (
            "Una letra tiene demasiados acentos. Escríbalo de nuevo sin ellos."
        ),
        "Yes": "Sí",
        "No": "No",
        "{} to {}": "{} a {}",
    },
}


def word(text: str, language: str) -> str:
    """A word of the suite in this language; unchanged if it has no translation."""
    return WORDS.get(language, {}).get(text, text)
