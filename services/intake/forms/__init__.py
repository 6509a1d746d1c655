"""The form, made of the profile: which page asks what, what it shows, what was typed into it."""
