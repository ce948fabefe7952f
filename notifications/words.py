"""What mail servers say, as every database and every JSON keeps it."""

LONGEST = 500


def plain(said: str) -> str:
    """A server's words on one line, the first 500 characters: bytes that are no UTF-8 are read as GB 18030."""
    raw = said.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)[:LONGEST]
