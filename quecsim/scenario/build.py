"""A scenario -> the configuration of a rig."""

from msgspec.structs import replace

from quecsim import __version__
from quecsim.at.access_point import THE_USUAL
from quecsim.at.context import Outside
from quecsim.at.storage import plain_name
from quecsim.at.surroundings import Surroundings
from quecsim.date import parse_moment
from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.scenario.schema import Scenario
from quecsim.scenario.text import scenario_table
from quecsim.trace.setup import Origin
from quecsim.units import ms

_MOST_REMEMBERED = 64
_remembered: dict[int, tuple[Scenario, RigConfig]] = {}  # by id: the scenario is held with it


def rig_config(scenario: Scenario) -> RigConfig:
    """Everything in the scenario that is not the device itself."""
    if scenario.contents or scenario.firmware or scenario.case_bytes:  # large, or open to changes
        return _made(scenario)
    known = _remembered.get(id(scenario))
    if known is not None:
        return known[1]
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    config = _made(scenario)  # tests and searches open one scenario thousands of times
    _remembered[id(scenario)] = scenario, config
    return config


def _made(scenario: Scenario) -> RigConfig:
    network = scenario.network
    return RigConfig(
        port=scenario.line.interface,
        is_unlimited=scenario.line.speed == "unlimited",
        host_baud=scenario.line.baud,
        host_flow=scenario.host.flow,
        has_wires=scenario.host.wires,
        lag_bytes=scenario.line.lag_bytes,
        garbles=scenario.line.garble,
        is_any_rate=scenario.line.any_rate,
        flash_mode=FlashMode(scenario.flash.timing),
        stalls=tuple(
            AddedStall(ms(stall.stall_ms), stall.at_byte, stall.every_bytes)
            for stall in scenario.stalls
        ),
        faults=scenario.faults,
        ifc=scenario.device_settings.ifc,
        ipr=scenario.device_settings.ipr,
        clock_s=parse_moment(network.clock) if network.clock is not None else None,
        has_network=network.bearer != "none",
        around=surroundings(scenario),
        seed=scenario.seed,
        contents={plain_name(name): data for name, data in scenario.contents.items()},
        restores_firmware=scenario.device_settings.restore,
        origin=_origin(scenario),
        outside=Outside({package.md5: package.target for package in scenario.firmware}),
    )


def surroundings(scenario: Scenario) -> Surroundings:
    """What is around a device over Wi-Fi."""
    return Surroundings(
        access_points=scenario.access_points or (THE_USUAL,),
        is_joined=scenario.network.joined is not False,
        clients=scenario.wifi_clients,
        provisions=scenario.provisions,
        wakes=scenario.wakes,
    )


def _origin(scenario: Scenario) -> Origin:
    """The scenario, for the record; but for the case that it was saved for, which is the host's."""
    if scenario.case is not None:
        scenario = replace(scenario, case=None, case_bytes=None)
    return Origin(scenario.name, scenario_table(scenario), __version__)
