"""Answers: their schema, validation, values and messages."""
