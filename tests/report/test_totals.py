from quecsim.report.totals import ByteTotals, FlashTotals, HeldTime
from quecsim.trace.event import FlashBusy, HostHeld, Stalled


def test_bytes_add_up() -> None:
    totals = ByteTotals()
    totals.sent, totals.stored, totals.eaten = 100, 60, 20
    totals.lost["off"] = 5
    counters = totals.counters({"sent": 100, "stored": 60, "eaten": 20, "lost": 5})
    assert counters.holds
    assert (counters.lost, counters.in_flight) == (5, 15)
    assert counters.lost_by_cause == {"off": 5}


def test_more_bytes_than_were_sent_do_not_hold() -> None:
    totals = ByteTotals()
    totals.stored = 1
    assert not totals.counters(None).holds


def test_flash_work() -> None:
    totals = FlashTotals()
    totals.work(FlashBusy(0, 7, "", [("erase", 0, 0, 0, 3), ("program", 0, 0, 3, 4)]))
    totals.work(FlashBusy(10, 12, "", [("program", 0, 0, 0, 2)]))
    totals.stall(Stalled(20, 50, 1))
    flash = totals.flash()
    assert (flash.erases, flash.programs, flash.busy_ns, flash.longest_ns) == (1, 2, 9, 7)
    assert (flash.stalls, flash.stall_ns) == (1, 30)


def test_held_time() -> None:
    held = HeldTime()
    assert held.at(5) == 0
    held.note(HostHeld(10, True))
    assert held.at(14) == 4
    held.note(HostHeld(20, False))
    held.note(HostHeld(30, True))
    assert held.at(31) == 11
