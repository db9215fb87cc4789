"""Faults that a scenario cannot have: wrong in themselves, or on its device."""

from collections.abc import Iterator

from quecsim.commands.catalogue import catalogue
from quecsim.faults.fault import Fault, Target
from quecsim.profiles.toml_source import KeyPath
from quecsim.scenario.misfit import Misfit
from quecsim.scenario.schema import Scenario
from quecsim.uart.port_kind import port_kind


def fault_misfits(scenario: Scenario) -> Iterator[Misfit]:
    """(key of the scenario, message, hint) for each."""
    if not scenario.faults:
        return
    device = scenario.device_profile
    target = Target(scenario.device, device, catalogue(device), port_kind(scenario.line.interface))
    for index, fault in enumerate(scenario.faults):
        path: KeyPath = ("fault", index)
        for key, message, hint in (*fault.problems(), *fault.misfits(target)):
            yield (*path, key) if key else path, message, hint


def has_use(scenario: Scenario, fault: Fault | type[Fault]) -> bool:
    """Whether it could fire there, as far as its radio and what is behind the device go."""
    if not fault.suits(scenario.device_profile):
        return False
    kind = fault.NEEDS_KIND
    if fault.NEEDS_PEER and not scenario.ble_peers:
        return False
    has_server = any(kind in ("", service.kind) for service in scenario.services)
    return not fault.NEEDS_SERVER or has_server or bool(scenario.routes)
