"""The least that does the same work: each a small program on the same libraries as ours."""
