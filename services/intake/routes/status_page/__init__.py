"""The page of a proposal that was sent: its status, and the answer box."""
