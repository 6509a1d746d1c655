"""Mail that comes back: bounces, and the archive of sent letters."""
