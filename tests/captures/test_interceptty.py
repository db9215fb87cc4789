"""interceptty's lines, in the forms that its source writes."""

from pathlib import Path

import pytest

from quecsim.captures.opened import Tally
from quecsim.errors import QuecsimError
from tests.captures.wire import heard_device, heard_host, imported, said, wire_bytes

_NAMES = {10: "[LF]", 13: "[CR]", 32: "' '"}


def shown(byte: int) -> str:
    return _NAMES.get(byte, chr(byte) if 32 < byte < 127 else "?")


def lines(*, with_times: bool, host: str) -> str:
    made = []
    for at_ns, side, byte in wire_bytes():
        us = at_ns // 1000
        stamp = f"[23:59 {57 + us // 10**6:02}.{us % 10**6:06}]" if us < 3 * 10**6 else ""
        stamp = stamp or f"[00:00 {us // 10**6 - 3:02}.{us % 10**6:06}]"
        arrow = host if side == "host" else "<>".replace(host, "")
        gap = "\t" if arrow == ">" else ""
        made.append(f"{stamp if with_times else ''}{arrow} {gap}0x{byte:02x} ({shown(byte)})\n")
    return "".join(made)


@pytest.mark.parametrize("host", ["<", ">"])
@pytest.mark.parametrize("with_times", [True, False])
def test_both_sides_come_back(tmp_path: Path, host: str, *, with_times: bool) -> None:
    path = tmp_path / "a.log"
    path.write_text(lines(with_times=with_times, host=host))
    made, record = imported(path)
    assert made.format.name == "interceptty"
    assert heard_host(record) == said(wire_bytes(), "host")
    assert heard_device(record) == said(wire_bytes(), "device")
    assert ("times" in made.source.lacks) is not with_times
    assert made.tally == Tally()
    if with_times:  # over midnight
        assert abs(made.found.last_ns + wire_bytes()[0][0] - wire_bytes()[-1][0]) < 1_000_000


def test_many_bytes_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("> \t41(A):54(T):3a(:):0d([CR])\n< 0d([CR]):0a([LF])\n< 4f(O):4b(K):0d([CR])\n")
    _, record = imported(path, host_channel=">")
    assert heard_host(record) == b"AT:\r"
    assert heard_device(record) == b"\r\nOK\r"


def test_a_line_that_makes_no_sense_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(
        "> 0x41 (A)\n> 0x54 (T)\n> 0x0d ([CR])\n> 0x0a ([LF])\n> 0x41 (A)\n"
        "? 0x0d\n> zz\n# Using\n> 0x4"
    )
    made, record = imported(path)
    assert (made.tally.bad_lines, made.tally.torn) == (2, True)
    assert heard_host(record).startswith(b"AT\r")


def test_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("AT\nOK\n")
    with pytest.raises(QuecsimError, match="no lines of interceptty"):
        imported(path, "interceptty")
