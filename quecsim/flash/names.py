r"""Names of files: what can be one, the directories in it, and how one that cannot be is shown.

A name is 1 to so many bytes of printable ASCII without / \ : * ? " < > |, and neither `.` nor `..`.
Where there are directories it may be several such parts with a `/` between them: `security/ca.pem`.
What else an image of another maker may hold (control characters, quotes) no AT command can say.
"""

import re

from quecsim.flash.volume import SYSTEM, UfsError, UfsFault

_FORBIDDEN = frozenset('\\:*?"<>|')
_WILDCARDS = str.maketrans("*?", "xx")
_INSTEAD = "?"
_SYSTEM_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,79}")


def check_name(name: str, name_bytes: int = 80, *, has_directories: bool = False) -> None:
    """Raise `UfsError` (BAD_NAME) unless `name` can be that of a file."""
    parts = name.split("/")
    is_plain = name.isascii() and name.isprintable() and _FORBIDDEN.isdisjoint(name)
    is_whole = all(part not in ("", ".", "..") for part in parts)
    if not (is_plain and is_whole and len(name) <= name_bytes):
        raise UfsError(UfsFault.BAD_NAME, repr(name))
    if len(parts) > 1 and not has_directories:
        raise UfsError(UfsFault.BAD_NAME, repr(name))


def check_pattern(pattern: str, name_bytes: int = 80, *, has_directories: bool = False) -> None:
    """The same for a name that may have `*` and `?` in it."""
    check_name(pattern.translate(_WILDCARDS), name_bytes, has_directories=has_directories)


def directories_of(name: str) -> list[str]:
    """The directories that a file of that name lies in, the outermost first."""
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def sayable(name: str) -> str:
    """The name as a line of text can hold it: with `?` for what no command could say."""
    good = (one.isascii() and one.isprintable() and one not in _FORBIDDEN for one in name)
    return "".join(one if is_good else _INSTEAD for one, is_good in zip(name, good, strict=True))


def system_path(name: str) -> str:
    """Where a system file lies."""
    if not _SYSTEM_NAME.fullmatch(name):
        raise UfsError(UfsFault.BAD_NAME, repr(name))
    return f"{SYSTEM}/{name}"


def is_system(path: str) -> bool:
    """Whether a path is that of a system file."""
    return path.startswith(f"{SYSTEM}/")
