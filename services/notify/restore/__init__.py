"""After a restore: announce what is known of each mail, take back what partners know."""
