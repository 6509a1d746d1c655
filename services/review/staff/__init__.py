"""Accounts of the office: people, sessions, passwords, invitations, notification preferences."""
