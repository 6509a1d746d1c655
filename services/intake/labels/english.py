"""The words of intake's pages in English."""

ENGLISH = {
    # Frame
    "all_questions": "All questions",
    "my_idea": "My idea",
    "my_ideas": "My ideas",
    "privacy": "Privacy",
    "privacy_notice": "Read the privacy notice",
    "accessibility": "Accessibility",
    "contact": "Contact",
    "need_help": "Need help?",
    "to_start": "Go to the start page",
    "reference": "Your reference number",
    # Start
    "at_once": "Right away",
    "begin": "Tell us about your idea",
    "you_chose": "You chose “{label}.”",
    "choose_other": "Choose another answer",
    "none_of_these": "None of these fits? See all of the choices.",
    "has_draft": "You have a draft",
    "has_draft_text": "Your answers are saved, and you last changed them {when}.",
    "go_on": "Continue your idea",
    "ask_link": "Email me a new link",
    "read_questions": "Read or print all of the questions first",
    "questions_lead": (
        "These are all of the questions in our form. We’ll ask you only the ones that fit your"
        " answers, and you can send your idea after the first few pages."
    ),
    "for_whom": "Choose whose questions to see",
    # Form
    "progress": "Your progress",
    "optional_step": "Optional. It takes {time}.",
    "save_on": "Save and continue",
    "save_back": "Save and check again",
    "save_topic": "Save",
    "later": "Save and finish later",
    "stop_title": "You can finish later",
    "mail_draft": "Email me a link to my draft",
    "no_answer": "No answer",
    "or": "or",
    "quoted": "“{label}”",
    "only_if": "Only if you chose {choices}.",
    "not_if": "You can skip this if you chose {choices}.",
    "only_with": "Only if you answered “{label}.”",
    "need_optional": "optional",
    "need_or_not_sure": "or choose “{not_sure}”",
    "line_n": "Line {number}",
    "person_n": "Person {number}",
    "organization_n": "Organization {number}",
    "add_line": "Add another line",
    "add_person": "Add a person",
    "add_organization": "Add an organization",
    "added": "Saved",
    "lost_title": "We can’t find your draft here",
    "lost_text": (
        "A draft opens only in the browser where you started it. To open it anywhere else, use the"
        " link that we emailed you, or ask us for a new one."
    ),
    "you_typed": "Copy what you typed if you want to keep it",
    "past_month": "{month} is in the past. Enter a month that is still to come.",
    "choose_version": "Choose which answer to keep.",
    "versions_title": "Choose which answers to keep",
    "versions_text": (
        "These answers were changed in two windows or on two devices. We kept both, so nothing is"
        " lost."
    ),
    "versions_button": "Keep these answers",
    "version_saved": "Saved first",
    "version_here": "Saved after that",
    "version_empty": "(no answer)",
    "sent_title": "You already sent this form",
    "sent_text": (
        "Because you already sent this idea, you can’t change your answers here. You can open your"
        " confirmation or start a new form."
    ),
    "open_receipt": "Open your confirmation",
    "new_form": "Start a new form",
    # Check and send
    "missing_title": "Please review these answers",
    "send_now": "You can send your idea now",
    "missing_text": "We haven’t sent anything yet, because these answers need another look.",
    "left_out_title": "Not included",
    "left_out_text": (
        "Because of your other answers, we don’t need what you typed here, so we’ll keep it in your"
        " draft but won’t send it."
    ),
    "left_out_beside": (
        "This won’t be sent, because you chose “{choice}.” To send it, clear that box."
    ),
    "open_title": "Not answered",
    "add_more": "Add more details",
    "before_sending": "Before you send",
    "trap": "Leave this field empty",
    "hasty_title": "Please check and send again",
    "hasty_text": (
        "That was very quick, so we haven’t sent anything yet. Please look over your answers, then"
        " select the button again."
    ),
    "changed_title": "Your answers changed in another window",
    "changed_text": (
        "We haven’t sent anything yet. Please look over your answers, then select the button again."
    ),
    "arrived": "We received your idea",
    "thanks_title": "Thank you",
    "thanks_text": "We received what you sent.",
    # Saved for later
    "saved_title": "Your answers are saved",
    "saved_text": (
        "In this browser, just come back to this page. To continue on another device, have us email"
        " you a link."
    ),
    "email": "Your email",
    "mailed_title": "Your link is on its way",
    "mailed_text": (
        "We sent it to {address}. It works for one hour, and you can ask for a new one at any time."
    ),
    "mailed_stays": (
        "We sent it to {address}. It works for as long as we keep your draft, and we’ll email you a"
        " reminder before we delete it."
    ),
    "delete_mine": "Delete this draft",
    "delete_draft": "Delete draft",
    "no_reminders": "Stop reminders",
    "reminds_not": "We won’t remind you about this draft again.",
    "delete_title": "Delete your draft?",
    "delete_text": (
        "Everything you typed will be deleted, your links will stop working, and we can’t bring the"
        " draft back. Nothing in this draft has been sent to us."
    ),
    "deleted_title": "Your draft was deleted",
    "deleted_text": "Nothing in it was sent to us, and we won’t email you about it again.",
    "mail_full_title": "We can’t send another link right now",
    "mail_full_text": (
        "We already sent several links to this address in the past hour. Please check your inbox"
        " and your spam folder, or try again in an hour. Your draft is saved."
    ),
    # Copy of the answers, in the receipt
    "not_sure_line": "Not sure yet. We’ll talk about this.",
    "copy_hidden": (
        "Answers that we treat as confidential aren’t in this email, but you can read them on your"
        " page."
    ),
    "copy_cut": "The rest is on your page.",
    # Links
    "draft": "Draft",
    "link_title": "Get a new link",
    "link_text": (
        "We can email you a link to your draft, or to the page that shows where your idea stands."
    ),
    "link_over": "This link no longer works",
    "link_over_text": (
        "Links stop working after a while, and some email programs cut them off, but we can email"
        " you a new one."
    ),
    "known": "Your email or your reference number",
    "known_hint": "A reference number looks like HK4T-W7RB.",
    "known_needed": "Enter the email address you gave us, or the reference number.",
    "known_bad": "Enter an email address or a reference such as HK4T-W7RB.",
    "link_sent": "Check your email",
    "link_sent_text": (
        "If we find a match, we’ll email a link to the address that we have on file. It works for"
        " one hour."
    ),
    "link_spam": "If it doesn’t arrive within ten minutes, check your spam folder.",
    "code_title": "If the link doesn’t open",
    "code": "Code from the email",
    "code_hint": "It has six digits and works for one hour, on this page only.",
    "code_button": "Open my page",
    "code_needed": "Enter the six digits in the email.",
    "code_wrong": (
        "That code didn’t work. Enter the one in your most recent email, or ask for a new link if"
        " you’ve already tried it five times."
    ),
    # Status
    "meeting": "Our conversation:",
    "what_now": "What you need to do now",
    "about_idea": "About this idea",
    "was_due": "Promised by {day}",
    "conversation": "Messages",
    "what_you_sent": "What you sent",
    "mail_looked_after": "New contact",
    "mail_post_from_office": "New message",
    "mail_receipt": "Confirmation",
    "mail_decision": "Decision letter",
    "if_accepted": "If we accept it: {step}",
    "fate_sent_decision": "sent",
    "fate_settled_decision": "sent",
    "fate_queued": "on its way",
    "fate_sent": "sent",
    "fate_deferred": "delayed, but we’ll try again",
    "fate_failed": "couldn’t be delivered",
    "fate_bounced": "couldn’t be delivered",
    "fate_in_doubt": "we’re not sure it arrived",
    "fate_settled": "sent",
    "fate_expired": "couldn’t be sent in time",
    "fate_kept_back": "not sent, because this is a trial",
    # Privacy
    "cookie_title": "One cookie",
    "cookie_text": (
        "These pages set one cookie, so that we can find your draft and show the language you"
        " chose. It ends 60 days after you last used the form. We don’t use analytics or tracking."
    ),
    # Accessibility
    "access_goal": (
        "We want everyone to be able to use these pages. They’re built to meet WCAG 2.2, level AA,"
        " which is a standard for websites that people with disabilities can use."
    ),
    "access_tested": "What has been tested",
    "access_tested_text": "Programs test these pages in a browser. They check that:",
    "access_tested_axe": (
        "a tool called axe-core finds no errors on our pages, whether you use them in English or"
        " fill in the form in Spanish"
    ),
    "access_tested_keyboard": (
        "you can fill in and send the form with only a keyboard, and can always see where you are"
    ),
    "access_tested_scripts": "you can send an idea and read our decision without JavaScript",
    "access_tested_sizes": (
        "no page of the form scrolls sideways on a phone that is 375 pixels wide, when you zoom in"
        " to 400%, or in high-contrast colors"
    ),
    "access_limits": "What hasn’t been tested",
    "access_limits_text": "Programs can find only some of the problems. So far:",
    "access_limits_people": (
        "no one who uses a screen reader or other assistive technology has tested these pages"
    ),
    "access_limits_browsers": (
        "the tests run only in Chromium, the browser that Chrome and Edge are based on"
    ),
    "access_limits_review": (
        "no one from outside has reviewed these pages, so we can’t say for sure that they meet the"
        " standard"
    ),
    "access_tell": "Tell us what doesn’t work",
    "access_tell_text": (
        "If something on these pages doesn’t work for you, please call or write to us. You can also"
        " tell us about your idea that way."
    ),
}
