"""Names of files as clients of an FTP server give them, and what is wrong with them.

A path is a tuple of names, () the root. There is no way out of the tree: `..` ends at the root.
"""

from typing import TypeAlias

Path: TypeAlias = tuple[str, ...]

_MOST_DEPTH = 32
_MOST_NAME_BYTES = 255


class FtpError(Exception):
    """It cannot be done: the `code` of the reply, and its text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def path_of(folder: Path, name: str) -> Path:
    """The path that a client calls `name`, seen from `folder`. FtpError (553): no name at all."""
    parts = [] if name.startswith("/") else list(folder)
    for part in name.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    if len(parts) > _MOST_DEPTH or not all(map(_is_name, parts)):
        raise FtpError(553, "That is no name here.")
    return tuple(parts)


def text_of(path: Path) -> str:
    """`/fw/new.bin`."""
    return "/" + "/".join(path)


def _is_name(part: str) -> bool:
    """No control characters, and not too long."""
    if any(ord(char) < 32 or ord(char) == 127 for char in part):
        return False
    return len(part.encode("utf-8", "surrogateescape")) <= _MOST_NAME_BYTES
