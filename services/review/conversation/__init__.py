"""The conversation about a case: messages with the proposer, internal notes."""
