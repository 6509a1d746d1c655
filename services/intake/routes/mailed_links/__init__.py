"""Routes beside the mailed links: who gets one when it is asked for, and ending reminders."""
