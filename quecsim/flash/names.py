"""What a file of UFS can be called: the host's in the flat directory, the system's beside it."""

import re

from quecsim.flash.volume import UfsError, UfsFault

SYSTEM = ":system"  # the system files' directory: no host's file can be called that
_FORBIDDEN = frozenset('/\\:*?"<>|')
_SYSTEM_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,79}")


def check_name(name: str, name_bytes: int = 80) -> None:
    r"""Raise `UfsError` (BAD_NAME) unless `name` can be a file of the flat directory.

    That is: 1 .. `name_bytes` printable ASCII characters, none of / \ : * ? " < > |, and neither
    `.` nor `..`.
    """
    is_plain = name.isascii() and name.isprintable() and _FORBIDDEN.isdisjoint(name)
    if not is_plain or not 1 <= len(name) <= name_bytes or name in (".", ".."):
        raise UfsError(UfsFault.BAD_NAME, repr(name))


def system_path(name: str) -> str:
    """Where a system file lies."""
    if not _SYSTEM_NAME.fullmatch(name):
        raise UfsError(UfsFault.BAD_NAME, repr(name))
    return f"{SYSTEM}/{name}"


def is_system(path: str) -> bool:
    """Whether a path is that of a system file."""
    return path.startswith(f"{SYSTEM}/")
