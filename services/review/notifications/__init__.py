"""Mail to the office about cases: at once, in the daily summary, weekly, and before deadlines."""
