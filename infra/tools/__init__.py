"""Tools that maintainers run by hand."""
