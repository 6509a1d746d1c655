"""What we promise about mail under faults and hostile input, and the tests that check it."""

S, D, L, C = (
    "sending/test_sending.py",
    "sending/test_unconfirmed_mail.py",
    "sending/test_lanes.py",
    "test_control.py",
)
SMTP, WIRE, A = "smtp/", "composing/test_hostile_mail.py", "inbound/test_archive.py"
R, B, TEXT, TEXTS = (
    "composing/test_rendering.py",
    "inbound/test_bounces.py",
    "../shared/test_text.py",
    "../shared/profile/test_texts.py",
)

HELD_BY: dict[str, list[tuple[str, str]]] = {
    "F33 4xx at each stage, 421 between mails: put off, the same Message-ID, sent once": [
        (S, "test_a_4xx_at_any_stage_defers_the_mail_which_is_sent_once_later"),
        (S, "test_a_421_between_or_within_mails_loses_and_doubles_none"),
        (SMTP + "test_replies.py", "test_a_4xx_means_later_wherever_it_comes"),
    ],
    "F34 5xx: the server's trouble until a recipient is named, final after": [
        (S, "test_a_5xx_before_any_recipient_is_our_fault_and_the_mail_stays_queued"),
        (S, "test_a_5xx_about_the_mail_is_final_and_the_next_mail_goes_on"),
        (SMTP + "test_replies.py",
         "test_a_5xx_is_our_trouble_until_a_recipient_is_named_and_final_after"),
        (C, "test_a_mailbox_that_does_not_exist_gets_nothing_more_until_it_is_released"),
    ],
    "F35 the line breaks before the dot: nothing was accepted, later exactly one": [
        (S, "test_a_line_that_breaks_before_the_dot_costs_time_only"),
        (SMTP + "test_breaks.py", "test_a_line_that_breaks_within_the_body_has_accepted_nothing"),
        (SMTP + "test_breaks.py", "test_a_goodbye_before_the_dot_is_heard"),
        (D, "test_a_body_that_breaks_off_is_sent_once_or_listed_as_doubtful"),
    ],
    "F36 the line breaks after the dot: in doubt, settled by policy": [
        (D, "test_resend_sends_a_doubtful_mail_again_the_same_bytes_and_says_so"),
        (D, "test_ask_and_verify_wait_for_a_person_and_double_nothing"),
        (C, "test_a_letter_in_doubt_goes_out_again_where_the_server_knows_its_key"),
        (A, "test_a_letter_in_doubt_whose_copy_is_in_the_archive_has_arrived"),
        (A, "test_a_letter_whose_copy_never_came_is_sent_again_once_a_later_one_has_come"),
        (B, "test_a_report_settles_a_doubt"),
        (D, "test_a_sender_that_was_taken_for_dead_settles_the_doubt_with_what_it_learns"),
    ],
    "F37 silence or a drip: no longer than our patience, the others go on": [
        (D, "test_silence_after_the_dot_is_a_doubt_and_the_next_mail_goes_on"),
        (L, "test_a_server_that_is_silent_after_one_dot_holds_up_no_other_mail"),
        (S, "test_a_slow_drip_of_an_answer_holds_the_sender_no_longer_than_its_patience"),
        (D, "test_many_senders_share_the_work_and_send_each_mail_once"),
    ],
    "F38 killed at seven places: before the mark sent again, after it in doubt": [
        (D, "test_a_sender_killed_before_the_mark_has_sent_nothing_and_another_sends_it"),
        (D, "test_a_sender_killed_after_the_mark_leaves_a_doubt_that_its_policy_settles"),
        ("../chaos/test_mail_storm.py", "test_a_small_storm_keeps_the_promise_of_its_policy"),
    ],
    "B85 line breaks and encoded words in a subject": [
        (R, "test_what_could_become_a_header_is_refused_in_every_header"),
        (R, "test_whatever_is_put_in_there_are_never_other_headers_or_other_people"),
        (TEXT, "test_a_subject_stays_one_line"),
        (WIRE, "test_a_value_that_could_become_a_header_is_never_sent"),
    ],
    "B86 two addresses, a display name, an encoded word as recipient": [
        (R, "test_an_address_field_holds_one_plain_address"),
        (SMTP + "test_conversation.py", "test_only_one_plain_address_gets_into_an_envelope"),
        (WIRE, "test_an_invalid_address_is_never_given_to_a_server"),
    ],
    "B88 From and Reply-To are ours": [
        (R, "test_the_public_never_names_the_recipient_or_the_sender"),
        (WIRE, "test_a_mail_is_from_us_and_answers_go_to_the_office_for_every_request"),
    ],
    "B89 forged and huge reports, loops, read receipts": [
        (B, "test_forged_and_foreign_reports_are_ignored_and_never_answered"),
        (B, "test_every_mail_has_an_envelope_sender_of_its_own_that_cannot_be_guessed"),
        (B, "test_reports_are_read_from_a_mailbox_over_imap_each_once"),
    ],
    "B90 replies that are none": [
        (SMTP + "test_replies.py", "test_an_unreadable_reply_is_not_a_yes"),
        (SMTP + "test_replies.py", "test_a_yes_with_words_beyond_ascii_is_a_yes"),
        (D, "test_an_unreadable_reply_after_the_dot_does_not_allow_a_copy"),
    ],
    "B91 code in a text": [
        (TEXT, "test_anything_else_is_refused_with_its_position"),
        (TEXT, "test_a_value_is_never_read_for_placeholders"),
    ],
    "B92 a placeholder that this text may not name": [
        (TEXT, "test_anything_else_is_refused_with_its_position"),
        (TEXTS, "test_a_text_that_does_not_fit_is_refused_with_file_key_and_reason"),
    ],
    "B93 unclosed, nested, huge": [(TEXT, "test_nesting_and_size_are_bounded")],
    "B94 markup: our texts are plain, HTML repeats them escaped": [
        (R, "test_the_html_part_repeats_the_text_escaped_with_one_button_and_no_tracking"),
        (WIRE, "test_markup_in_a_value_is_text_in_both_parts"),
    ],
    "B95 a link that is more than an address": [
        (WIRE, "test_the_button_of_a_mail_opens_a_web_page_or_there_is_no_mail"),
    ],
}  # fmt: skip
