"""Mailboxes as people read them."""

import idna


def readable(address: str) -> str:
    """The address with its domain as it was typed: ana@münchen.example, not ana@xn--…"""
    name, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{name}{at}{idna.decode(domain)}"
    except (idna.IDNAError, UnicodeError):
        return address
