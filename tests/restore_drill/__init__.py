"""The restore drill: put databases back under load, announce, and count what is there."""
