"""The words of a person in a mail: quoted, so that none of them looks like a part of the mail."""


def quoted(words: str) -> str:
    """Each line behind "> ", as one block."""
    return "\n".join(f"> {line.rstrip()}".rstrip() for line in words.strip().splitlines())
