"""Which moment of a case sends which mail: what a good case sends its proposer, why nothing else
reaches her then, and which kinds no moment asks for yet.

Tests hold all three: a case is played, the table is added up, and the last list can only shrink.
"""

# She gets at most eight from sending to approval. In a good case nothing is missing, she takes one
# of the first times offered, and each body of the route decides by the day that her page shows.
GOOD_CASE = {
    "the idea arrives": "receipt",
    "somebody takes it": "looked_after",
    "the office writes": "post_from_office",
    "a meeting is offered": "meeting_offered",
    "she has chosen a time": "meeting_confirmed",
    "the meeting was held": "meeting_summary",
    "the office decides": "decision",
    "the last body approves": "approved",
}
MOST_TO_A_PROPOSER = 8

# What happens to a good case without a mail of its own, and who says it instead.
SILENT = {
    "the feasibility review begins": "the summary of the meeting says so",
    "a decision is drafted": "nobody outside knows of it before the letter",
    "the approval route begins": "the letter names its steps",
    "a body approves in time and is not the last": "her page shows the steps and their days",
}

# Every other kind that a proposer may get, and why a good case sends none.
ELSEWHERE = {
    "draft_saved": "before it is sent",
    "draft_reminder": "before it is sent",
    "draft_deleted": "it was never sent",
    "sign_in_link": "only when she asks for it",
    "info_requested": "something is missing; it takes the place of the office's writing",
    "info_reminder": "something is missing, and she has not answered",
    "info_last_notice": "something is missing, and she has not answered",
    "meeting_changed": "somebody cannot come",
    "collaborator_found": "somebody else has the same idea",
    "route_done": "a body that is not the last approves after the day that her page has shown",
    "development_started": "after the approval",
    "launched": "after the approval",
    "renewal_due": "after the approval",
    "withdrawn": "she has taken it back",
    "lapsed": "she has not answered",
}

# Kinds that can be written and that nothing asks for yet, with the part that will.
LATER = {
    "co_proposer_added": "invitations of co-proposers and partners",
    "info_requested": "asking back for sections of the form",
    "info_reminder": "asking back for sections of the form",
    "info_last_notice": "asking back for sections of the form",
    "meeting_offered": "meetings",
    "meeting_confirmed": "meetings",
    "meeting_changed": "meetings",
    "meeting_summary": "meetings",
    "collaborator_found": "finding what looks alike",
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
