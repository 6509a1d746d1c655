"""The schema of a profile and the checks beyond it."""
