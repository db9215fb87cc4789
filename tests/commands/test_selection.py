"""Which networks a device may choose, and that the choice is read back."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.device.bench import OK, Bench, cme, info


@pytest.mark.parametrize(
    ("device", "listed", "all_of_them", "one_too_many"),
    [
        ("ec200u", "(12,28,30)", 30, 22),
        ("ec200t", "(12,22,25,28,29,30,31)", 25, 26),
        ("uc200t", "(12,22,29)", 29, 28),
    ],
)
def test_systems(device: str, listed: str, all_of_them: int, one_too_many: int) -> None:
    """27.007 5.9: a number for each combination of the systems that the device has."""
    bench = Bench(load_profile(device))
    assert bench.ask("AT+WS46=?") == info(f"+WS46: {listed}")
    assert bench.ask("AT+WS46?") == info(f"+WS46: {all_of_them}")
    assert bench.ask("AT+WS46=12") == OK
    assert bench.ask("AT+WS46?") == info("+WS46: 12")
    assert bench.ask(f"AT+WS46={one_too_many}") == cme(50)


@pytest.mark.parametrize(("name", "initial", "top"), [("+CEMODE", 2, 3), ("+CPLS", 0, 2)])
def test_modes(name: str, initial: int, top: int) -> None:
    bench = Bench()
    assert bench.ask(f"AT{name}?") == info(f"{name}: {initial}")
    assert bench.ask(f"AT{name}=?") == info(f"{name}: (0-{top})")
    assert bench.ask(f"AT{name}=1;{name}?") == info(f"{name}: 1")
    assert bench.ask(f"AT{name}={top + 1}") == cme(50)


def test_no_operator_is_preferred() -> None:
    bench = Bench()
    assert bench.ask("AT+CPOL?") == OK
    assert bench.ask("AT+CPOL=?") == info("+CPOL: (1-20),(0-2)")
