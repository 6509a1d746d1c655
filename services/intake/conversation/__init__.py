"""What is said about a proposal: messages with the office."""
