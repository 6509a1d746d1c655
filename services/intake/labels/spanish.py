"""The words of intake's pages in Spanish; we say “usted”."""

SPANISH = {
    # Frame
    "all_questions": "Todas las preguntas",
    "my_idea": "Mi idea",
    "my_ideas": "Sus ideas",
    "privacy": "Privacidad",
    "privacy_notice": "Leer el aviso de privacidad",
    "accessibility": "Accesibilidad",
    "contact": "Contacto",
    "someone_to_ask": "A quién preguntar",
    "questions_to": "¿Preguntas?",
    "to_start": "Ir a la página de inicio",
    "reference": "Su referencia",
    # Start
    "at_once": "Enseguida",
    "begin": "Cuéntenos su idea",
    "none_of_these": "¿Ninguna le describe? Vea todas las respuestas.",
    "going_on": "Usted ya empezó",
    "going_on_text": "Guardamos sus respuestas. Las cambió por última vez {when}.",
    "go_on": "Seguir con su idea",
    "ask_link": "Envíenme otro enlace",
    "read_questions": "Lea antes todas las preguntas, o imprímalas",
    "questions_lead": (
        "Esto es todo lo que podemos preguntar. Solo verá lo que corresponda a sus respuestas, y"
        " puede enviar después de las primeras páginas."
    ),
    "for_whom": "Preguntas para quién",
    # Form
    "progress": "Su avance",
    "topic_over": "Puede omitir esto. Toma {time}.",
    "save_on": "Guardar y seguir",
    "save_back": "Guardar y revisar otra vez",
    "save_topic": "Guardar",
    "later": "Guardar y parar por ahora",
    "stop_title": "Parar y volver",
    "mail_draft": "Envíenme un enlace a mi borrador",
    "no_answer": "Sin respuesta",
    "or": "o",
    "quoted": "«{label}»",
    "only_if": "Solo si eligió {choices}.",
    "not_if": "Puede omitirlo si eligió {choices}.",
    "only_with": "Solo si respondió «{label}».",
    "need_optional": "opcional",
    "need_or_not_sure": "o elija «{not_sure}»",
    "line_n": "Línea {number}",
    "person_n": "Persona {number}",
    "organization_n": "Organización {number}",
    "add_line": "Agregar otra línea",
    "add_person": "Agregar una persona",
    "add_organization": "Agregar una organización",
    "added": "Guardado",
    "late_title": "La página estuvo abierta demasiado tiempo",
    "late_text": "Todo lo que escribió sigue aquí. Pulse el botón otra vez, por favor.",
    "lost_title": "No encontramos su borrador aquí",
    "lost_text": (
        "Un borrador se abre solo en el navegador en que lo empezó. En otro, abra el enlace que le"
        " enviamos por correo, o pida uno nuevo."
    ),
    "you_typed": "Esto es lo que escribió. Cópielo para conservarlo",
    "sent_title": "Este formulario ya se envió",
    "sent_text": "Lo que envió queda como está. Abra su recibo o empiece otro formulario.",
    "open_receipt": "Abrir su recibo",
    "new_form": "Empezar otro formulario",
    # Check and send
    "missing_title": "Algunas respuestas necesitan otra mirada",
    "left_out_title": "Queda fuera",
    "left_out_text": (
        "Aquí escribió algo, pero por sus otras respuestas no lo preguntamos. Se guarda en su"
        " borrador y no se envía."
    ),
    "open_title": "Sin responder",
    "add_more": "Agregar lo que sepa",
    "before_sending": "Antes de enviar",
    "trap": "Deje esto vacío",
    "hasty_title": "Revise y envíe otra vez, por favor",
    "hasty_text": "Eso fue muy rápido. Mire sus respuestas y pulse el botón otra vez.",
    "arrived": "Su idea nos llegó",
    "thanks_title": "Gracias",
    "thanks_text": "Tenemos lo que nos envió.",
    # Stop for now
    "saved_title": "Sus respuestas están guardadas",
    "saved_text": (
        "En este dispositivo basta con volver a esta página. Para otro le enviamos un enlace."
    ),
    "email": "Su correo electrónico",
    "mailed_title": "Su enlace va en camino",
    "mailed_text": "Lo enviamos a {address}. Sirve durante una hora; después puede pedir otro.",
    "mailed_stays": (
        "Lo enviamos a {address}. Sirve mientras guardemos su borrador. Antes de borrarlo se lo"
        " recordamos allí."
    ),
    "delete_mine": "Borrar este borrador",
    "delete_draft": "Borrar el borrador",
    "no_reminders": "No más recordatorios",
    "reminds_not": "Ya no le recordamos este borrador.",
    "delete_title": "¿Borrar su borrador?",
    "delete_text": (
        "Se borra todo lo que escribió, y ningún enlace lo abre más. No podemos recuperarlo. No se"
        " envió nada de él."
    ),
    "deleted_title": "Su borrador está borrado",
    "deleted_text": "No se envió nada de él, y no le escribimos más al respecto.",
    "mail_full_title": "Por ahora no enviamos más enlaces",
    "mail_full": (
        "Esta dirección recibió varios enlaces en esta hora. Búsquelos, también en el correo no"
        " deseado, o inténtelo en una hora. Su borrador está guardado."
    ),
    # Copy of the answers, in the receipt
    "not_sure_line": "Aún no lo sabe; lo hablaremos.",
    "copy_hidden": ("Lo que tratamos como confidencial no va en este correo. Está en su página."),
    "copy_cut": "El resto está en su página.",
    # Links
    "draft": "Borrador",
    "link_title": "Pedir otro enlace",
    "link_text": "Le enviamos un enlace a su borrador, o a la página que muestra en qué va.",
    "link_over": "Este enlace ya no sirve",
    "link_over_text": (
        "Los enlaces caducan, y algunos programas de correo los cortan. Le enviamos otro."
    ),
    "link_button": "Envíenme otro enlace",
    "known": "Su correo o su referencia",
    "known_hint": "Una referencia se ve así: HK4T-W7RB.",
    "known_needed": "Escriba el correo que nos dio, o la referencia.",
    "link_sent": "Mire su correo",
    "link_sent_text": (
        "Si conocemos esta dirección o referencia, un enlace va en camino a la dirección que nos"
        " dieron. Sirve durante una hora."
    ),
    "link_spam": "Si no llega en diez minutos, mire en el correo no deseado.",
    "code_title": "¿No se abre el enlace?",
    "code": "El código del correo",
    "code_hint": "Seis cifras. Sirve solo en esta página, y durante una hora.",
    "code_button": "Abrir mi página",
    "code_needed": "Escriba las seis cifras que están en el correo.",
    "code_wrong": (
        "Este código no abre nada aquí. Compárelo con el correo más reciente. Después de cinco"
        " intentos, pida otro enlace."
    ),
    # Status
    "meeting": "Nuestra conversación:",
    "what_now": "Qué hace falta ahora",
    "about_idea": "Sobre esta idea",
    "was_due": "Se prometió para el {day}",
    "conversation": "Conversación",
    "to_answer": "Para responder, escriba a {name}: {address}.",
    "what_you_sent": "Lo que envió",
    "mail_looked_after": "Quién se ocupa",
    "mail_post_from_office": "Aviso de un mensaje",
    "mail_receipt": "Recibo",
    "mail_decision": "Carta",
    "fate_queued": "en camino",
    "fate_sent": "enviado",
    "fate_deferred": "en camino, el servidor de correo va lento",
    "fate_failed": "no se pudo enviar",
    "fate_bounced": "fue devuelto",
    "fate_in_doubt": "averiguamos si llegó",
    "fate_settled": "enviado",
    "fate_expired": "no se pudo enviar a tiempo",
    "fate_kept_back": "no se envió porque esto es una prueba",
    # Privacy and accessibility
    "cookie_title": "Una cookie",
    "cookie_text": (
        "Estas páginas ponen una cookie. Contiene un número al azar que encuentra su borrador, y"
        " termina a los sesenta días. Nada aquí le cuenta ni le sigue."
    ),
    "access_goal": (
        "Queremos que cualquier persona pueda usar estas páginas. Las hacemos según la norma WCAG"
        " 2.2, nivel AA, y probamos cada una."
    ),
    "access_works": (
        "Todo funciona con el teclado, con lector de pantalla, en el teléfono, al doble de tamaño y"
        " sin scripts. Nada caduca mientras piensa: guardamos sus respuestas sesenta días."
    ),
    "access_files": "Puede leer o imprimir todas las preguntas antes de empezar.",
    "access_tell": "Díganos qué no funciona",
    "access_tell_text": (
        "Llame o escriba, y anotamos su idea por usted de la manera que le convenga."
    ),
}
