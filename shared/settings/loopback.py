"""Whether an address is this machine itself, so that nothing is sent over a network."""

from ipaddress import ip_address


def is_loopback(host: str | None) -> bool:
    """Whether this host is this machine; so is no host at all."""
    if host in (None, "", "localhost"):
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False
