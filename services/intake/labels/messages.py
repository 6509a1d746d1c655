"""The words of the answer box on the status page, in each language."""

MESSAGES = {
    "en": {
        "message_waits": "{name} wrote to you on {day}.",
        "message_read": "Read and answer",
        "message_box": "Write to {name}",
        "message_hint": "You’ll get an email when we answer.",
        "message_send": "Send message",
        "message_sent": "Your message was sent to {name}.",
        "message_needed": "Enter a message.",
        "message_not_sent": "Your message was not sent",
        "message_old": (
            "Your page was open for a long time. Copy your text, then go back and send it again."
        ),
        "message_again": "Go back to your idea",
        "message_locked": (
            "For your privacy, your page closes after twelve hours. Copy your"
            " text, then ask for a new link to open your page again."
        ),
    },
    "es": {
        "message_waits": "{name} le escribió el {day}.",
        "message_read": "Leer y contestar",
        "message_box": "Escribir a {name}",
        "message_hint": "Le avisaremos por correo cuando le contestemos.",
        "message_send": "Enviar mensaje",
        "message_sent": "Su mensaje se envió a {name}.",
        "message_needed": "Escriba un mensaje.",
        "message_not_sent": "Su mensaje no se envió",
        "message_old": (
            "La página estuvo abierta mucho tiempo. Copie su texto, vuelva a la"
            " página y envíelo de nuevo."
        ),
        "message_again": "Volver a su idea",
        "message_locked": (
            "Para proteger su privacidad, su página se cierra después de doce"
            " horas. Copie su texto y pida un enlace nuevo para volver a abrirla."
        ),
    },
}
