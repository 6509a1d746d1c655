"""What it costs, measured beside the floor in the same run: `python -m tests.bench`.

A floor is the least that does the same work on the same libraries with the same workers, rebuilt in
`floors/`. Ours and the floor take turns, so that whatever else the machine does meets both; quoted
are medians over the rounds, as ratios. Nothing here passes or fails a test: it writes a table.
"""
