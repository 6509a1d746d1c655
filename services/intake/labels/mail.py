"""What pages say about mail that does not arrive, or is not sent, in both languages."""

ENGLISH = {
    "reminders_text": "We’ll keep your draft, but we won’t remind you of it again.",
    "reminders_over": "Reminders are off",
    "reminders_over_text": "We won’t remind you about this draft again.",
    "link_no_mail": (
        "Still nothing? If our emails bounced before, we stop sending. We also send only a few"
        " links an hour to one address. {contact}, and we’ll help."
    ),
    "contact_call": "Call us",
    "contact_write": "Write to us",
    "copy_waits": "We’ll email your copy once you open your page with the link in our email.",
    "mail_unreached": (
        "Our last email didn’t reach you. You can read everything on this page. To give us another"
        " address, contact {name} at {address}."
    ),
    "link_full_title": "We can’t send another link right now",
    "link_full_text": (
        "Someone asked for several links with this address or reference number in the past hour."
        " Use the newest link in your inbox or spam folder, or try again in an hour. You can also"
        " call us or write to us, and we’ll help you get in."
    ),
    "receipt_not_sent": (
        "You get no receipt by email this time, because we already sent several to this address in"
        " the past hour. Your idea is safe with us. Keep this reference number: with it you can get"
        " a link to your page by email in an hour."
    ),
    "receipt_failed": (
        "Our receipt didn’t reach your mailbox. Your idea is safe with us. Keep this reference"
        " number, and contact us to give us another address."
    ),
    "fate_not_sent": "not sent, because your address got several emails in the hour before",
}

SPANISH = {
    "reminders_text": "Guardaremos su borrador, pero no se lo recordaremos más.",
    "reminders_over": "Ya no recibirá recordatorios",
    "reminders_over_text": "No volveremos a recordarle este borrador.",
    "link_no_mail": (
        "¿Todavía nada? Si nuestros correos le rebotaron antes, dejamos de enviarlos. Además, solo"
        " enviamos unos pocos enlaces por hora a una misma dirección. {contact} y le ayudaremos."
    ),
    "contact_call": "Llámenos",
    "contact_write": "Escríbanos",
    "copy_waits": "Le enviaremos su copia cuando abra su página con el enlace de nuestro correo.",
    "mail_unreached": (
        "Nuestro último correo no le llegó. Puede leerlo todo en esta página. Para darnos otra"
        " dirección, escriba a {name} ({address})."
    ),
    "link_full_title": "Por ahora no podemos enviar otro enlace",
    "link_full_text": (
        "En la última hora se pidieron varios enlaces con esta dirección o este número de"
        " referencia. Use el enlace más reciente de su bandeja de entrada o de correo no deseado,"
        " o inténtelo de nuevo en una hora. También puede llamarnos o escribirnos, y le ayudaremos"
        " a entrar."
    ),
    "receipt_not_sent": (
        "Esta vez no recibirá un acuse de recibo por correo, porque ya enviamos varios a esta"
        " dirección en la última hora. Su idea está a salvo con nosotros. Guarde este número de"
        " referencia: con él puede pedir un enlace a su página dentro de una hora."
    ),
    "receipt_failed": (
        "Nuestro acuse de recibo no llegó a su correo. Su idea está a salvo con nosotros. Guarde"
        " este número de referencia y escríbanos para darnos otra dirección."
    ),
    "fate_not_sent": "no se envió, porque su dirección recibió varios correos en la última hora",
}
