"""Every byte in exactly one place."""

import pytest

from quecsim.device.ledger import Ledger


def test_losses_by_cause() -> None:
    ledger = Ledger(arrived=10)
    ledger.lose("ring", 3)
    ledger.lose("off", 1)
    ledger.lose("ring", 2)
    ledger.lose("power", 0)
    assert ledger.lost == {"ring": 5, "off": 1}
    assert ledger.lost_total == 6


def test_the_law_holds_or_stops_the_run() -> None:
    ledger = Ledger(arrived=10, stored=3, eaten=2, in_hand=1, lost={"ring": 1})
    ledger.check(waiting=3)
    with pytest.raises(AssertionError, match="appeared or vanished"):
        ledger.check(waiting=2)
