"""How an FTP server lists: LIST as `ls -l` does, NLST by name, MLSD and MLST as in RFC 3659."""

from collections.abc import Callable, Mapping

from quecsim.date import utc_parts
from quecsim.peers.ftp_tree import Entry, File

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HALF_A_YEAR_S = 182 * 86_400


def ls_line(name: str, entry: Entry, now_s: int) -> str:
    """`-rw-r--r--    1 ftp      ftp          1188 Jun 01 00:00 ca.pem`; what is older than half a
    year has the year instead of the time.
    """
    year, month, day, hour, minute, _ = utc_parts(entry.modified_s)
    is_recent = now_s - _HALF_A_YEAR_S < entry.modified_s <= now_s
    when = f"{hour:02}:{minute:02}" if is_recent else f" {year:04}"
    kind = "-rw-r--r--    1" if isinstance(entry, File) else "drwxr-xr-x    2"
    size = len(entry.data) if isinstance(entry, File) else 4096
    date = f"{_MONTHS[month - 1]} {day:02} {when}"
    return f"{kind} ftp      ftp      {size:>8} {date} {name}"


def name_line(name: str, _entry: Entry, _now_s: int) -> str:
    """The name alone."""
    return name


def fact_line(name: str, entry: Entry, _now_s: int) -> str:
    """`type=file;size=1188;modify=20260601000000; ca.pem`."""
    facts = f"type=file;size={len(entry.data)}" if isinstance(entry, File) else "type=dir"
    return f"{facts};modify={time_text(entry.modified_s)}; {name}"


def time_text(seconds: int) -> str:
    """`20260601000000`, of seconds since 1970 (UTC)."""
    return "{:04}{:02}{:02}{:02}{:02}{:02}".format(*utc_parts(seconds))


def listing(
    entries: Mapping[str, Entry], line: Callable[[str, Entry, int], str], now_s: int
) -> bytes:
    """All of them, a line each, by name."""
    lines = (f"{line(name, entries[name], now_s)}\r\n" for name in sorted(entries))
    return "".join(lines).encode("utf-8", "surrogateescape")
