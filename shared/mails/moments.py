"""Which moment of a case sends which mail: the mails of a good case, the moments without a mail,
and the kinds that nothing requests yet.

Tests check all of it: one plays a case, one counts the table, and the last list can only shrink.
"""

# At most eight mails reach a proposer between sending and approval. In a good case nothing is
# missing, the proposer takes one of the first times offered, and each body of the approval route
# decides by the day that the status page shows.
GOOD_CASE = {
    "the idea arrives": "receipt",
    "a colleague takes the case": "looked_after",
    "the office sends a message": "post_from_office",
    "a meeting is offered": "meeting_offered",
    "the proposer chooses a time": "meeting_confirmed",
    "the meeting is over": "meeting_summary",
    "the office decides": "decision",
    "the last body approves": "approved",
}
MOST_TO_A_PROPOSER = 8

# Moments of a good case without their own mail, and what says it instead.
SILENT = {
    "the feasibility review begins": "the summary of the meeting says so",
    "a decision is drafted": "the letter comes first",
    "the approval route begins": "the letter names its steps",
    "a body approves in time and is not the last": "the status page shows the steps and their days",
}

# The other kinds that a proposer may get, and why a good case does not send them.
ELSEWHERE = {
    "draft_saved": "before it is sent",
    "draft_reminder": "before it is sent",
    "draft_deleted": "it was never sent",
    "sign_in_link": "only on request",
    "info_requested": "something is missing; it replaces the message of the office",
    "info_reminder": "something is missing, and there is no answer",
    "info_last_notice": "something is missing, and there is no answer",
    "meeting_changed": "a person cannot come",
    "collaborator_found": "another person has the same idea",
    "route_done": "a body that is not the last approves after its day",
    "development_started": "after the approval",
    "launched": "after the approval",
    "renewal_due": "after the approval",
    "withdrawn": "the proposer withdrew it",
    "lapsed": "the proposer did not answer",
}

# Kinds that nothing requests yet, with the part that will.
LATER = {
    "co_proposer_added": "invitations of co-proposers and partners",
    "info_requested": "asking back for sections of the form",
    "info_reminder": "asking back for sections of the form",
    "info_last_notice": "asking back for sections of the form",
    "meeting_offered": "meetings",
    "meeting_confirmed": "meetings",
    "meeting_changed": "meetings",
    "meeting_summary": "meetings",
    "collaborator_found": "finding similar proposals",
    "review_asked": "the rubric and its reviewers",
    "review_reminder": "the rubric and its reviewers",
    "approval_asked": "approval routes",
    "approval_thanks": "approval routes",
    "route_notice": "approval routes",
    "route_done": "approval routes",
    "approved": "approval routes",
    "development_started": "development and launch",
    "launched": "development and launch",
    "renewal_due": "development and launch",
    "withdrawn": "withdrawing",
    "lapsed": "asking back for sections of the form",
}
