"""Mail to proposers."""
