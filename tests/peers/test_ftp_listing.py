"""How an FTP server lists, line by line."""

import pytest

from quecsim.peers.ftp_listing import fact_line, listing, ls_line, name_line, time_text
from quecsim.peers.ftp_tree import Entry, File, Folder

JUNE_S = 1_780_272_000  # 2026-06-01
DAY_S = 86_400


@pytest.mark.parametrize(
    ("age_s", "date"),
    [
        (0, "Jun 01 00:00"),
        (60, "May 31 23:59"),
        (181 * DAY_S, "Dec 02 00:00"),
        (182 * DAY_S, "Dec 01  2025"),
        (-1, "Jun 01  2026"),
        (JUNE_S, "Jan 01  1970"),
    ],
)
def test_ls(age_s: int, date: str) -> None:
    line = ls_line("a b", File(b"x" * 1188, JUNE_S - age_s), JUNE_S)
    assert line == f"-rw-r--r--    1 ftp      ftp          1188 {date} a b"


def test_all_ways() -> None:
    entries: dict[str, Entry] = {"b": File(b"x", JUNE_S), "a": Folder(JUNE_S + 3661)}
    assert listing(entries, name_line, JUNE_S) == b"a\r\nb\r\n"
    assert listing(entries, fact_line, JUNE_S) == (
        b"type=dir;modify=20260601010101; a\r\ntype=file;size=1;modify=20260601000000; b\r\n"
    )
    assert listing(entries, ls_line, JUNE_S).split(b"\r\n")[0] == (
        b"drwxr-xr-x    2 ftp      ftp          4096 Jun 01  2026 a"
    )
    assert listing({}, ls_line, JUNE_S) == b""


def test_times() -> None:
    assert time_text(0) == "19700101000000"
    assert time_text(JUNE_S + 12 * 3600 + 34 * 60 + 56) == "20260601123456"
