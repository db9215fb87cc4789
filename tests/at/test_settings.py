"""Copies are independent; restoring leaves the line's speed and frame."""

from quecsim.at.settings import factory_settings
from tests.device.bench import profile, shipped


def test_a_copy_shares_nothing() -> None:
    live = factory_settings(shipped(), "uart1")
    copy = live.copy()
    live.registers["S0"] = 1
    live.registration["+CREG"] = 2
    live.config["cgatt"] = (0,)
    live.indications["all"] = 0
    live.echo = 0
    assert copy == factory_settings(shipped(), "uart1")


def test_restoring_takes_all_but_the_line() -> None:
    live, kept = factory_settings(shipped(), "uart1"), factory_settings(shipped(), "uart1")
    live.baud, live.frame, live.echo, live.ifc = 9600, "8E1", 0, (2, 2)
    kept.registers["S0"] = 4
    live.restore(kept)
    assert (live.baud, live.frame) == (9600, "8E1")
    assert (live.echo, live.ifc, live.registers) == (1, (0, 0), {"S0": 4})
    live.registers["S0"] = 5
    assert kept.registers == {"S0": 4}


def test_factory_values_are_the_profiles() -> None:
    device = profile(uart={"baud": 9600, "ifc_default": (2, 2)}, at={"cmee": 2})
    factory = factory_settings(device, "usbat")
    assert (factory.baud, factory.ifc, factory.cmee) == (9600, (2, 2), 2)
    assert (factory.echo, factory.verbose, factory.quiet) == (1, 1, 0)


def test_urcs_go_to_the_port_in_use() -> None:
    for name in ("uart1", "usbat"):
        assert factory_settings(shipped(), name).urc_port == name
