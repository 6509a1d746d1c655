"""The form, built from the profile: its pages, their fields, and what was typed into them."""
