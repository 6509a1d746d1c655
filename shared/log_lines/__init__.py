"""JSON log lines by the standard library alone, for gunicorn’s first process and `shared.logs`."""
