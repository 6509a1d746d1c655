"""What is said to people when an answer cannot be taken, in every language that the suite speaks.

`SENTENCES` by code, `REQUIRED` by type of the question, `WORDS` for what code puts into a sentence
and for the few words of our own beside an answer. The first language is the one that code writes.
"""

SENTENCES = {
    "en": {
        "unknown": "There is no such question. Take it out.",
        "not_asked": "This is not asked after these answers. Take it out.",
        "files_apart": "Send files separately; they do not belong in the answers.",
        "not_sure_not_offered": "Give an answer here; “not sure” is not offered.",
        "empty": "Write an answer, or leave this out.",
        "type": "This is not the kind of answer that is asked for: {wanted}.",
        "choice": "Choose one of those offered.",
        "too_long": "Shorten this to {limit} characters; it has {found}.",
        "too_many": "Keep this to {limit}; there are {found}.",
        "too_few": "Give at least {limit}; there are {found}.",
        "duplicate": "This is here twice. Take one out.",
        "stands_alone": "Choose either “{label}” or the others, not both.",
        "bad_email": "Enter one email address, such as name@example.com.",
        "bad_url": "Use an address that starts with https:// or http://.",
        "bad_phone": "Enter a phone number, such as 513 555 0117 or +1 513 555 0117 ext. 4.",
        "bad_date": "Enter a month or a day that exists, such as 2027-03 or 2027-03-01.",
        "bad_number": "Enter {wanted}.",
        "out_of_range": "Enter a number from {low} to {high}.",
        "bad_text": "{reason}",
    },
    "es": {
        "unknown": "Esta pregunta no existe. Quítela.",
        "not_asked": "Con estas respuestas, esto no se pregunta. Quítelo.",
        "files_apart": "Envíe los archivos aparte; no van entre las respuestas.",
        "not_sure_not_offered": "Responda aquí; no se ofrece dejarlo en duda.",
        "empty": "Escriba una respuesta, o deje esto fuera.",
        "type": "No es el tipo de respuesta que se pide: {wanted}.",
        "choice": "Elija una de las opciones.",
        "too_long": "Acórtelo a {limit} caracteres; tiene {found}.",
        "too_many": "Deje {limit} como máximo; hay {found}.",
        "too_few": "Dé al menos {limit}; hay {found}.",
        "duplicate": "Esto está dos veces. Quite una.",
        "stands_alone": "Elija «{label}» o las otras opciones, no ambas cosas.",
        "bad_email": "Escriba una dirección de correo, por ejemplo nombre@example.com.",
        "bad_url": "Use una dirección que empiece con https:// o http://.",
        "bad_phone": "Escriba un teléfono, por ejemplo 513 555 0117 o +1 513 555 0117 ext. 4.",
        "bad_date": "Escriba un mes o un día que exista, por ejemplo 2027-03 o 2027-03-01.",
        "bad_number": "Escriba {wanted}.",
        "out_of_range": "Escriba un número de {low} a {high}.",
        "bad_text": "{reason}",
    },
}

REQUIRED = {
    "en": {
        "text": "Write an answer.",
        "long_text": "Write an answer.",
        "email": "Enter an email address, such as name@example.com.",
        "phone": "Enter a phone number.",
        "url": "Enter an address that starts with https://.",
        "integer_range": "Enter a number or a range.",
        "money": "Enter an amount in whole dollars.",
        "number": "Enter a number.",
        "date_or_month": "Enter a month, such as 2027-03.",
        "single": "Choose one.",
        "multi": "Choose at least one.",
        "list_of_text": "Write at least one.",
        "consent": "Check the box to send.",
        "composite": "Answer at least one part.",
        "people": "Add at least one person.",
        "organizations": "Add at least one organization.",
    },
    "es": {
        "text": "Escriba una respuesta.",
        "long_text": "Escriba una respuesta.",
        "email": "Escriba una dirección de correo, por ejemplo nombre@example.com.",
        "phone": "Escriba un teléfono.",
        "url": "Escriba una dirección que empiece con https://.",
        "integer_range": "Escriba un número o un rango.",
        "money": "Escriba una cantidad en dólares enteros.",
        "number": "Escriba un número.",
        "date_or_month": "Escriba un mes, por ejemplo 2027-03.",
        "single": "Elija una opción.",
        "multi": "Elija al menos una opción.",
        "list_of_text": "Escriba al menos una.",
        "consent": "Marque la casilla para enviar.",
        "composite": "Responda al menos una parte.",
        "people": "Añada al menos una persona.",
        "organizations": "Añada al menos una organización.",
    },
}

OR_CHOOSE = {
    "en": ", or choose “{choice}”.",
    "es": ", o elija «{choice}».",
}

WORDS = {
    "es": {
        "an object of answers": "un objeto de respuestas",
        "named parts": "partes con nombre",
        "one choice": "una opción",
        "true or false": "verdadero o falso",
        "a list": "una lista",
        "text": "texto",
        "a whole number in digits": "un número entero en cifras",
        "a whole number or a range with both ends": "un número entero o un rango de dos números",
        "the smaller number first": "primero el número menor",
        "a number in digits, in halves at most": "un número en cifras, a lo más con medios",
        "This contains a character that cannot be used. Type it again.": (
            "Esto contiene un carácter que no se puede usar. Escríbalo de nuevo."
        ),
        "This has too many accents on one letter. Type it again without them.": (
            "Hay demasiados acentos sobre una letra. Escríbalo de nuevo sin ellos."
        ),
        "Yes": "Sí",
        "No": "No",
        "{} to {}": "{} a {}",
    },
}


def word(text: str, language: str) -> str:
    """A word of ours in this language; as it is where we have no other."""
    return WORDS.get(language, {}).get(text, text)
