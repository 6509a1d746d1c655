"""The words of intake's pages in English: short sentences, everyday words."""

ENGLISH = {
    # Frame
    "all_questions": "All questions",
    "my_idea": "My idea",
    "my_ideas": "Your ideas",
    "privacy": "Privacy",
    "privacy_notice": "Read the privacy notice",
    "accessibility": "Accessibility",
    "contact": "Contact",
    "someone_to_ask": "Someone to ask",
    "questions_to": "Questions?",
    "to_start": "Go to the start page",
    "reference": "Your reference",
    # Start
    "at_once": "At once",
    "begin": "Tell us about your idea",
    "none_of_these": "None of these is right for you? See all answers.",
    "going_on": "You have started already",
    "going_on_text": "Your answers are kept. You last changed them {when}.",
    "go_on": "Go on with your idea",
    "ask_link": "Send me a new link",
    "read_questions": "Read all questions first, or print them",
    "questions_lead": (
        "This is all that we may ask. You see only what fits your answers, and you can send after"
        " the first pages."
    ),
    "for_whom": "Whose questions",
    # Form
    "progress": "Your progress",
    "topic_over": "You may leave this out. It takes {time}.",
    "save_on": "Save and go on",
    "save_back": "Save and check again",
    "save_topic": "Save",
    "later": "Save and stop for now",
    "stop_title": "Stop and come back",
    "mail_draft": "Email me a link to my draft",
    "no_answer": "No answer",
    "or": "or",
    "quoted": "“{label}”",
    "only_if": "Only if you chose {choices}.",
    "not_if": "You can skip this if you chose {choices}.",
    "only_with": "Only if you answered “{label}”.",
    "need_optional": "optional",
    "need_or_not_sure": "or choose “{not_sure}”",
    "line_n": "Line {number}",
    "person_n": "Person {number}",
    "organization_n": "Organization {number}",
    "add_line": "Add another line",
    "add_person": "Add a person",
    "add_organization": "Add an organization",
    "added": "Saved",
    "late_title": "Your page was open too long",
    "late_text": "All that you typed is still here. Please press the button again.",
    "lost_title": "We cannot find your draft here",
    "lost_text": (
        "A draft opens by itself only in the browser in which you began it. Anywhere else, open the"
        " link that we emailed you, or ask for a new one."
    ),
    "you_typed": "This is what you typed. Copy it to keep it",
    "sent_title": "This form was already sent",
    "sent_text": "What you sent stays as it is. Open your receipt or start a new form.",
    "open_receipt": "Open your receipt",
    "new_form": "Start a new form",
    # Check and send
    "missing_title": "Some answers need another look",
    "left_out_title": "Left out",
    "left_out_text": (
        "You typed something here, but your other answers mean that we do not ask for it. It is"
        " kept in your draft and not sent."
    ),
    "open_title": "Left open",
    "add_more": "Add what you know",
    "before_sending": "Before you send",
    "trap": "Leave this empty",
    "hasty_title": "Please check and send again",
    "hasty_text": "That was very quick. Have a look at your answers, then press the button again.",
    "arrived": "Your idea has reached us",
    "thanks_title": "Thank you",
    "thanks_text": "We have what you sent.",
    # Stop for now
    "saved_title": "Your answers are saved",
    "saved_text": (
        "On this device just come back to this page. For any other device we email you a link."
    ),
    "email": "Your email",
    "mailed_title": "Your link is on its way",
    "mailed_text": "We sent it to {address}. It works for one hour; after that, ask for a new one.",
    "mailed_stays": (
        "We sent it to {address}. It works for as long as we keep your draft. We remind you there"
        " before we delete it."
    ),
    "delete_mine": "Delete this draft",
    "delete_draft": "Delete the draft",
    "no_reminders": "No more reminders",
    "reminds_not": "We do not remind you of this draft any more.",
    "delete_title": "Delete your draft?",
    "delete_text": (
        "All that you typed goes, and no link opens it any more. We cannot bring it back. Nothing"
        " of it was sent."
    ),
    "deleted_title": "Your draft is deleted",
    "deleted_text": "Nothing of it was sent, and we write to you about it no more.",
    "mail_full_title": "No more links for now",
    "mail_full": (
        "This address got several links within this hour. Please look for them, also among the"
        " spam, or try again in an hour. Your draft is kept."
    ),
    # Copy of the answers, in the receipt
    "not_sure_line": "Not sure yet; we will talk about this.",
    "copy_hidden": "What we treat as confidential is not in this mail. You find it on your page.",
    "copy_cut": "The rest is on your page.",
    # Links
    "draft": "Draft",
    "link_title": "Get a new link",
    "link_text": "We email you a link to your draft, or to the page that shows where it stands.",
    "link_over": "This link does not work any more",
    "link_over_text": (
        "Links stop working after a while, and some mail programs cut them off. We email you a new"
        " one."
    ),
    "link_button": "Send me a new link",
    "known": "Your email or your reference",
    "known_hint": "A reference looks like HK4T-W7RB.",
    "known_needed": "Type the email that you gave us, or the reference.",
    "link_sent": "Look in your mailbox",
    "link_sent_text": (
        "If we know this address or reference, a link is on its way to the address that was given"
        " to us. It works for one hour."
    ),
    "link_spam": "If it does not come within ten minutes, look in your spam folder.",
    "code_title": "The link does not open?",
    "code": "The code in the email",
    "code_hint": "Six digits. It works on this page only, and for one hour.",
    "code_button": "Open my page",
    "code_needed": "Type the six digits that stand in the email.",
    "code_wrong": (
        "This code does not open anything here. Compare it with the newest email. After five tries,"
        " ask for a new link."
    ),
    # Status
    "meeting": "Our conversation:",
    "what_now": "What is needed now",
    "about_idea": "About this idea",
    "was_due": "Was promised for {day}",
    "conversation": "Conversation",
    "to_answer": "To answer, write to {name} at {address}.",
    "what_you_sent": "What you sent",
    "mail_looked_after": "Who looks after it",
    "mail_post_from_office": "Notice of a message",
    "mail_receipt": "Receipt",
    "mail_decision": "Letter",
    "fate_queued": "on its way",
    "fate_sent": "sent",
    "fate_deferred": "on its way, the mail server is slow",
    "fate_failed": "could not be sent",
    "fate_bounced": "came back",
    "fate_in_doubt": "we are finding out whether it arrived",
    "fate_settled": "sent",
    "fate_expired": "could not be sent in time",
    "fate_kept_back": "not sent, since this is a trial",
    # Privacy and accessibility
    "cookie_title": "One cookie",
    "cookie_text": (
        "These pages set one cookie. It holds a random number that finds your draft again, and it"
        " ends after sixty days. There is nothing here that counts or follows you."
    ),
    "access_goal": (
        "We want everybody to be able to use these pages. We build them to the standard WCAG 2.2,"
        " level AA, and test each page against it."
    ),
    "access_works": (
        "All of it works from the keyboard, with a screen reader, on a phone, at twice the size,"
        " and without scripts. Nothing here runs out while you think: your answers are kept for"
        " sixty days."
    ),
    "access_files": "You can read or print all questions before you begin.",
    "access_tell": "Tell us what does not work",
    "access_tell_text": (
        "Call or write, and we take your idea down for you in the way that suits you."
    ),
}
