"""What a request has to pass before a route sees it, and the headers that an answer gets."""
