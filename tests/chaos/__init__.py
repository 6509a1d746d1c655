"""`make chaos`: kill processes at every step, then count what was lost or duplicated."""
