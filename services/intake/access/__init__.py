"""Who may open what: mailed links, browsers, limits."""
