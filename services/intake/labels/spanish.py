"""The words of intake's pages in Spanish, which address the reader as “usted”."""

SPANISH = {
    # Frame
    "all_questions": "Todas las preguntas",
    "my_idea": "Mi idea",
    "my_ideas": "Mis ideas",
    "privacy": "Privacidad",
    "privacy_notice": "Leer el aviso de privacidad",
    "accessibility": "Accesibilidad",
    "contact": "Contacto",
    "need_help": "¿Necesita ayuda?",
    "to_start": "Ir a la página de inicio",
    "reference": "Su número de referencia",
    # Start
    "at_once": "De inmediato",
    "begin": "Cuéntenos su idea",
    "you_chose": "Eligió «{label}».",
    "choose_other": "Elegir otra respuesta",
    "none_of_these": "¿Ninguna opción le corresponde? Vea todas las opciones.",
    "has_draft": "Tiene un borrador",
    "has_draft_text": "Sus respuestas están guardadas. Las cambió por última vez {when}.",
    "go_on": "Continuar con su idea",
    "ask_link": "Enviarme un enlace nuevo",
    "read_questions": "Leer o imprimir antes todas las preguntas",
    "questions_lead": (
        "Estas son todas las preguntas del formulario. Solo le haremos las que correspondan a sus"
        " respuestas, y podrá enviar su idea después de las primeras páginas."
    ),
    "for_whom": "Preguntas según quién es usted",
    # Form
    "progress": "Su avance",
    "optional_step": "Opcional. Toma {time}.",
    "save_on": "Guardar y continuar",
    "save_back": "Guardar y volver a revisar",
    "save_topic": "Guardar",
    "later": "Guardar y seguir más tarde",
    "stop_title": "Puede seguir más tarde",
    "mail_draft": "Enviarme un enlace a mi borrador",
    "no_answer": "Sin respuesta",
    "or": "o",
    "quoted": "«{label}»",
    "only_if": "Solo si eligió {choices}.",
    "not_if": "Puede omitir esta pregunta si eligió {choices}.",
    "only_with": "Solo si respondió «{label}».",
    "need_optional": "opcional",
    "need_or_not_sure": "o elija «{not_sure}»",
    "line_n": "Línea {number}",
    "person_n": "Persona {number}",
    "organization_n": "Organización {number}",
    "add_line": "Añadir otra línea",
    "add_person": "Añadir una persona",
    "add_organization": "Añadir una organización",
    "added": "Guardado",
    "lost_title": "No encontramos su borrador aquí",
    "lost_text": (
        "Un borrador solo se abre en el navegador en el que lo empezó. Para abrirlo en otro, use el"
        " enlace que le enviamos por correo o pida uno nuevo."
    ),
    "you_typed": "Copie lo que escribió si quiere conservarlo",
    "past_month": "{month} ya pasó. Escriba un mes que todavía no haya pasado.",
    "choose_version": "Elija qué respuesta conservar.",
    "versions_title": "Elija qué respuestas conservar",
    "versions_text": (
        "Estas respuestas se cambiaron en dos ventanas o en dos dispositivos. Guardamos ambas, así"
        " que no se perdió nada."
    ),
    "versions_button": "Conservar estas respuestas",
    "version_saved": "Guardada primero",
    "version_here": "Guardada después",
    "version_empty": "(sin respuesta)",
    "sent_title": "Usted ya envió este formulario",
    "sent_text": (
        "Como ya envió esta idea, no puede cambiar sus respuestas aquí. Puede abrir su acuse de"
        " recibo o empezar otro formulario."
    ),
    "open_receipt": "Abrir el acuse de recibo",
    "new_form": "Empezar otro formulario",
    # Check and send
    "missing_title": "Revise estas respuestas",
    "send_now": "Puede enviar su idea ahora",
    "missing_text": "Todavía no enviamos nada, porque falta revisar estas respuestas.",
    "left_out_title": "No se incluye",
    "left_out_text": (
        "Por sus otras respuestas, no necesitamos lo que escribió aquí, así que lo guardaremos en"
        " su borrador, pero no se enviará."
    ),
    "left_out_beside": "Esto no se envía: eligió «{choice}». Para enviarlo, desmarque esa casilla.",
    "open_title": "Sin responder",
    "add_more": "Añadir más detalles",
    "before_sending": "Antes de enviar",
    "trap": "Deje este campo vacío",
    "hasty_title": "Revise y envíe otra vez, por favor",
    "hasty_text": (
        "Fue muy rápido, así que todavía no se ha enviado nada. Por favor, revise sus respuestas y"
        " seleccione el botón otra vez."
    ),
    "changed_title": "Sus respuestas cambiaron en otra ventana",
    "changed_text": (
        "Todavía no enviamos nada. Revise sus respuestas y seleccione el botón otra vez."
    ),
    "arrived": "Recibimos su idea",
    "thanks_title": "Gracias",
    "thanks_text": "Recibimos lo que nos envió.",
    # Saved for later
    "saved_title": "Sus respuestas están guardadas",
    "saved_text": (
        "En este navegador, basta con volver a esta página. Para continuar en otro dispositivo,"
        " pídanos un enlace por correo."
    ),
    "email": "Su correo electrónico",
    "mailed_title": "Su enlace está en camino",
    "mailed_text": (
        "Lo enviamos a {address}. Funciona durante una hora, y puede pedir otro en cualquier"
        " momento."
    ),
    "mailed_stays": (
        "Lo enviamos a {address}. Funciona mientras guardemos su borrador, y le enviaremos un"
        " recordatorio por correo antes de borrarlo."
    ),
    "delete_mine": "Borrar este borrador",
    "delete_draft": "Borrar el borrador",
    "no_reminders": "No recibir más recordatorios",
    "reminds_not": "No le enviaremos más recordatorios sobre este borrador.",
    "delete_title": "¿Desea borrar su borrador?",
    "delete_text": (
        "Se borrará todo lo que escribió, sus enlaces dejarán de funcionar y no podremos recuperar"
        " el borrador. No se nos ha enviado nada de él."
    ),
    "deleted_title": "Su borrador se borró",
    "deleted_text": "No se nos envió nada de él, y no volveremos a escribirle al respecto.",
    "mail_full_title": "Por ahora no podemos enviar otro enlace",
    "mail_full_text": (
        "En la última hora ya enviamos varios enlaces a esta dirección. Revise su bandeja de"
        " entrada y su carpeta de correo no deseado, o inténtelo de nuevo en una hora. Su borrador"
        " está guardado."
    ),
    # Copy of the answers, in the receipt
    "not_sure_line": "Aún no lo sabe. Lo conversaremos.",
    "copy_hidden": (
        "Las respuestas que tratamos como confidenciales no están en este correo, pero puede"
        " leerlas en su página."
    ),
    "copy_cut": "El resto está en su página.",
    # Links
    "draft": "Borrador",
    "link_title": "Pedir un enlace nuevo",
    "link_text": (
        "Podemos enviarle por correo un enlace a su borrador o a la página que muestra el estado de"
        " su idea."
    ),
    "link_over": "Este enlace ya no funciona",
    "link_over_text": (
        "Los enlaces dejan de funcionar después de un tiempo, y algunos programas de correo los"
        " cortan. Podemos enviarle uno nuevo."
    ),
    "known": "Su correo electrónico o su número de referencia",
    "known_hint": "Un número de referencia se ve así: HK4T-W7RB.",
    "known_needed": "Escriba el correo electrónico que nos dio o el número de referencia.",
    "known_bad": "Escriba un correo electrónico o una referencia como HK4T-W7RB.",
    "link_sent": "Revise su correo",
    "link_sent_text": (
        "Si encontramos una coincidencia, le enviaremos un enlace a la dirección que tenemos"
        " registrada. Funciona durante una hora."
    ),
    "link_spam": "Si no llega en diez minutos, revise su carpeta de correo no deseado.",
    "code_title": "Si el enlace no se abre",
    "code": "Código del correo",
    "code_hint": "Tiene seis cifras y funciona durante una hora, solo en esta página.",
    "code_button": "Abrir mi página",
    "code_needed": "Escriba las seis cifras que están en el correo.",
    "code_wrong": (
        "El código no es válido. Escriba el de su correo más reciente o, si ya lo intentó cinco"
        " veces, pida un enlace nuevo."
    ),
    # Status
    "meeting": "Nuestra conversación:",
    "what_now": "Qué tiene que hacer ahora",
    "about_idea": "Sobre esta idea",
    "was_due": "Se prometió para el {day}",
    "conversation": "Mensajes",
    "what_you_sent": "Lo que envió",
    "mail_looked_after": "Nuevo contacto",
    "mail_post_from_office": "Nuevo mensaje",
    "mail_receipt": "Acuse de recibo",
    "mail_decision": "Carta de decisión",
    "if_accepted": "Si la aceptamos: {step}",
    "fate_sent_decision": "enviada",
    "fate_settled_decision": "enviada",
    "fate_queued": "en camino",
    "fate_sent": "enviado",
    "fate_deferred": "con demora; lo intentaremos de nuevo",
    "fate_failed": "no se pudo entregar",
    "fate_bounced": "no se pudo entregar",
    "fate_in_doubt": "no sabemos con certeza si llegó",
    "fate_settled": "enviado",
    "fate_expired": "no se pudo enviar a tiempo",
    "fate_kept_back": "no se envió porque esto es una prueba",
    # Privacy
    "cookie_title": "Una cookie",
    "cookie_text": (
        "Estas páginas usan una cookie, para que podamos encontrar su borrador y mostrar el idioma"
        " que eligió. Caduca 60 días después de la última vez que usó el formulario. Aquí no hay"
        " rastreo ni estadísticas de visitas."
    ),
    # Accessibility
    "access_goal": (
        "Queremos que todas las personas puedan usar estas páginas. Están hechas para cumplir con"
        " las WCAG 2.2, nivel AA, una norma para sitios web que pueden usar las personas con"
        " discapacidad."
    ),
    "access_tested": "Qué se ha probado",
    "access_tested_text": (
        "Unos programas prueban estas páginas en un navegador. Comprueban lo siguiente:"
    ),
    "access_tested_axe": (
        "una herramienta llamada axe-core no encuentra errores en nuestras páginas, ya sea en"
        " inglés o al llenar el formulario en español"
    ),
    "access_tested_keyboard": (
        "se puede llenar y enviar el formulario solo con el teclado, y siempre se ve en qué punto"
        " está"
    ),
    "access_tested_scripts": "se puede enviar una idea y leer nuestra decisión sin JavaScript",
    "access_tested_sizes": (
        "ninguna página del formulario se desplaza hacia los lados en un teléfono de 375 píxeles de"
        " ancho, al ampliar hasta el 400 % o con colores de alto contraste"
    ),
    "access_limits": "Qué no se ha probado",
    "access_limits_text": (
        "Los programas solo pueden encontrar algunos de los problemas. Hasta ahora:"
    ),
    "access_limits_people": (
        "nadie que use un lector de pantalla u otra tecnología de apoyo ha probado estas páginas"
    ),
    "access_limits_browsers": (
        "las pruebas solo se hacen en Chromium, el navegador en el que se basan Chrome y Edge"
    ),
    "access_limits_review": (
        "ninguna persona ajena ha revisado estas páginas, así que no podemos asegurar que cumplan"
        " con la norma"
    ),
    "access_tell": "Díganos qué no funciona",
    "access_tell_text": (
        "Si algo en estas páginas no le funciona, llámenos o escríbanos. También puede contarnos su"
        " idea de esa manera."
    ),
}
