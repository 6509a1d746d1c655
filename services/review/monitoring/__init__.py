"""The status of all services, and alerts to administrators."""
