"""A mail as bytes: addresses, layout, rendering."""
