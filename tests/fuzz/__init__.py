"""Random requests to every route, form and API of the three services, and random bytes to a server.

No request may end in a 5xx, take two seconds of work, or lose a header. Routes come from the URL
map and forms from the pages, so that a new one is covered without an edit.
"""
