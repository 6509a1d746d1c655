"""Access to drafts and proposals: mailed links, browser grants, rate limits."""
