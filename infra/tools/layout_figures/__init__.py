"""Figures about the layout of a checkout, for comparing two commits."""
