"""`make chaos`: kill everything at every step, then count at the edges what was lost or doubled."""
