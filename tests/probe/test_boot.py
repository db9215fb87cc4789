"""The start of a module, seen after a restart that the user has allowed."""

import pytest
import serial

import quecsim
from quecsim.probe.bench import Bench
from quecsim.probe.plan import make_plan
from quecsim.probe.probe import Probed, run_probe
from quecsim.profiles.loader import load_profile

STEPS = ["restart", "radio"]


def probe(name: str, *, allowed: bool) -> Probed:
    with quecsim.open_virtual(name) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=0.05)
        bench = Bench(port, base=load_profile(name), allows_restart=allowed)
        before = device.rig.device.context.settings.copy()
        probed = run_probe(bench, make_plan(only=STEPS, with_restart=True))
        assert device.rig.device.context.settings == before
    assert probed.stopped == ""
    assert probed.not_restored == []
    return probed


@pytest.mark.parametrize("name", ["ec200u", "ec200t", "fcm242d"])
def test_the_start_is_as_the_profile_has_it(name: str) -> None:
    boot, probed = load_profile(name).boot, probe(name, allowed=True)
    urcs = probed.findings["boot.urcs"].value
    assert [urc.text for urc in urcs] == [urc.text for urc in boot.urcs]
    for measured, true in zip(urcs, boot.urcs, strict=True):
        assert abs(measured.at_ms - true.at_ms) <= 3
    restart = probed.findings["boot.restart_ms"]
    assert restart.low <= boot.restart_ms <= restart.high


def test_the_radio_s_words() -> None:
    boot, probed = load_profile("m95").boot, probe("m95", allowed=True)
    urcs = probed.findings["boot.radio_urcs"].value
    assert [urc.text for urc in urcs] == [urc.text for urc in boot.radio_urcs]
    for measured, true in zip(urcs, boot.radio_urcs, strict=True):
        assert abs(measured.after_ms - true.after_ms) <= 3


def test_a_module_that_looks_for_the_rate_says_nothing() -> None:
    probed = probe("m95", allowed=True)
    assert probed.findings["boot.urcs"].why_not == "the module says nothing when it starts"


def test_nothing_is_restarted_that_may_not_be() -> None:
    probed = probe("ec200u", allowed=False)
    for key in ("boot.urcs", "boot.radio_urcs"):
        assert "--allow-reset" in probed.findings[key].why_not
    assert not any(step.needs.restarts for step in make_plan().steps)
