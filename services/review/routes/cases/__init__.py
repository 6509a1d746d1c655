"""The page of a case, and what can be done on it short of a decision."""
