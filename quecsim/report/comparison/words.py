"""Values of a record, as a cell of a table has them."""

_LONGEST = 60


def short(text: str) -> str:
    """At most 60 printable characters of it."""
    text = text if text.isprintable() else ascii(text)[1:-1]
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
