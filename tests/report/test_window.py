"""A window that is full: how long, and what for."""

import pytest

from quecsim.border import CREDIT_BYTES
from quecsim.report.window import Full, Windows
from quecsim.trace import event as ev
from quecsim.units import s


def fed(*events: object) -> Windows:
    windows = Windows()
    for event in events:
        if (handle := windows.handlers.get(type(event))) is not None:
            handle(event)
    return windows


def full_at(at_ns: int) -> ev.LinkReceived:
    return ev.LinkReceived(at_ns, 1, CREDIT_BYTES)


def test_from_the_last_byte_that_fits_to_the_credit() -> None:
    windows = fed(full_at(s(1)), ev.LinkCredit(s(3), 1, 4096), ev.LinkReceived(s(4), 1, 4000))
    assert windows.of(1) == Full(s(2), "the serial line takes no more")
    assert windows.of(2) == Full(0, "")


@pytest.mark.parametrize(
    ("before", "because"),
    [
        (ev.HostReady(0, ready=False), "the host held the device back"),
        (ev.FlashBusy(0, s(2), "stored UFS:a", []), "the flash was busy"),
        (
            ev.DataBegin(0, 0, "+QFUPL", "UFS:a", 10, ack=False, early=0),
            "the data of AT+QFUPL had the port",
        ),
    ],
)
def test_it_says_what_for(before: object, because: str) -> None:
    windows = fed(before, full_at(s(1)), ev.LinkShut(s(4), 1, is_abort=False))
    assert windows.of(1) == Full(s(3), because)


def test_one_that_is_still_full_counts_up_to_now() -> None:
    assert fed(full_at(s(1)), ev.LinkReceived(s(3), 2, 1)).of(1).full_ns == s(2)


def test_what_is_over_for_long_is_forgotten() -> None:
    windows = fed(*(ev.LinkReceived(link, link, CREDIT_BYTES) for link in range(1, 1200)))
    assert windows.of(1) == Full(0, "")
    assert len(windows._windows) == 1000
