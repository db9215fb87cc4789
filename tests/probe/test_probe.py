"""A probe of a simulated device, in virtual time."""

from typing import Any

import pytest
import serial

import quecsim
from quecsim.probe.bench import Bench
from quecsim.probe.plan import make_plan
from quecsim.probe.probe import run_probe
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile


@pytest.mark.parametrize("name", profile_names())
def test_it_reproduces_the_profile_of_a_shipped_device(name: str) -> None:
    profile = load_profile(name)
    with quecsim.open_virtual(name) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=0.05)
        bench = Bench(port, base=profile)
        probed = run_probe(bench, make_plan())
    assert probed.findings
    assert probed.not_restored == ()
    wrong = {
        key: (finding.value, true_value)
        for key, finding in probed.findings.items()
        if finding.is_measured and (true_value := value_of(profile, key)) != finding.value
    }
    assert wrong == {}


def value_of(profile: Profile, key: str) -> Any:
    part, _, name = key.partition(".")
    return getattr(getattr(profile, part), name)
