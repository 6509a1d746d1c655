"""What is said about a case: messages with the proposer, internal notes."""
