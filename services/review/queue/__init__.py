"""The list of cases: filters, counts, pages, search."""
