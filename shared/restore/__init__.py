"""After a restore: partners tell each other their states again, and find out what is missing."""
