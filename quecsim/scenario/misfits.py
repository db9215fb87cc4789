"""What cannot be in a scenario although each value is good: told, instead of passed over.

The one place for it: files, options and keyword arguments all go through `misfits`, and say
`KEY` in a message as their user has written it.
"""

from collections.abc import Iterator, Sequence

from quecsim.at.storage import check_file_name, name_hint, plain_name
from quecsim.commands.catalogue import catalogue
from quecsim.date import is_moment
from quecsim.errors import QuecsimError
from quecsim.flash.names import directories_of
from quecsim.flash.ufs import UfsError
from quecsim.profiles.quirks import QUIRKS, given
from quecsim.profiles.rules import broken_rules
from quecsim.profiles.schema import Profile
from quecsim.profiles.toml_source import KeyPath
from quecsim.scenario.ble_misfits import ble_misfits
from quecsim.scenario.faults import fault_misfits
from quecsim.scenario.misfit import KEY, Misfit
from quecsim.scenario.network_misfits import network_misfits
from quecsim.scenario.schema import Scenario, ScenarioFile, overrides
from quecsim.uart.port_kind import port_kind

# What only a port with a baud rate and modem lines has.
_SERIAL_ONLY = (
    ("line", "baud"),
    ("line", "garble"),
    ("line", "any_rate"),
    ("line", "lag_bytes"),
    ("line", "reopen_ms"),
    ("host", "wires"),
    ("ring", "rts_off_bytes"),
    ("ring", "rts_on_bytes"),
    ("device_settings", "ifc"),
    ("device_settings", "ipr"),
)

# Which of the scenario's keys sets a value that a rule of the profile complains about.
_SET_BY: dict[KeyPath, KeyPath] = {
    ("uart", "rts_off_bytes"): ("ring", "rts_off_bytes"),
    ("uart", "rts_on_bytes"): ("ring", "rts_on_bytes"),
    ("usb", "rx_ring_bytes"): ("ring", "rx_bytes"),
}

# The commands that a key of [device_settings] stands for: a device has one of them, or none.
_COMMANDS = {"ifc": ("+IFC",), "ipr": ("+IPR", "+QSETBAND")}


def own_misfits(scenario: ScenarioFile) -> Iterator[Misfit]:
    """(key of the scenario, message, hint) for each that can be told whatever the device is."""
    for index, stall in enumerate(scenario.stalls):
        if (stall.at_byte is None) == (stall.every_bytes is None):
            hint = "at_byte = 1 stalls once, every_bytes = 256 again and again."
            yield ("stall", index), f"{KEY} needs at_byte or every_bytes: one of them", hint
    yield from network_misfits(scenario)
    yield from ble_misfits(scenario)
    line = scenario.line
    if line.any_rate and (line.garble or line.baud is not None):
        message = f"{KEY} says that the host's rate does not matter"
        yield ("line", "any_rate"), message, "Leave it out, or baud and garble."
    for index, point in enumerate(scenario.access_points):
        if (point.words == "OPEN") == bool(point.key):
            key = "a key" if point.key else "no key"
            message = f"{KEY}: its security is {point.words}, and it has {key}"
            yield ("access_point", index), message, "Leave security out, or correct the key."
    for index, client in enumerate(scenario.wifi_clients):
        if client.leaves_ms is not None and client.leaves_ms <= client.at_ms:
            message = f"{KEY} leaves before it has come"
            yield ("wifi_client", index), message, "leaves_ms must be after at_ms."
    clock = scenario.network.clock
    if clock is not None and not is_moment(clock):
        hint = "From 1970-01-01 to 2069-12-31; 1980-01-06 is a clock that was never set."
        yield ("network", "clock"), f"{KEY}: there is no such time", hint
    port = port_kind(line.interface)
    if not port.is_serial:
        for table, key in _SERIAL_ONLY:
            given = getattr(scenario, table)
            if getattr(given, key) != getattr(type(given)(), key):
                message = f"{KEY} has no meaning on a {port.title} port"
                yield (table, key), message, 'Leave it out, or take the interface "uart".'


def misfits(scenario: Scenario) -> Iterator[Misfit]:
    """(key of the scenario, message, hint) for each that depends on the device."""
    port, device = port_kind(scenario.line.interface), scenario.device_profile
    if port.part(device) is None:
        message = f"{scenario.device} has no {port.title} port"
        yield ("line", "interface"), message, 'Take the interface "uart", or leave it out.'
        return
    yield from _settings(scenario)
    yield from _network(scenario)
    if scenario.ble_peers and device.ble is None:
        message = f"{scenario.device} has no Bluetooth LE"
        yield ("ble_peer", 0), message, "Leave it out, or take a device that has it: fcm242d."
    yield from _files(scenario)
    for quirk, _ in given(scenario.quirks):
        if not quirk.has(device):
            others = ", ".join(name for name, one in QUIRKS.items() if one.has(device))
            message = f"{scenario.device} has no use for the quirk {quirk.name}"
            yield ("quirks", quirk.name), message, f"It has: {others}."
    yield from fault_misfits(scenario)
    if overrides(scenario, device):
        for keys, message, hint in broken_rules(scenario.profile()):
            yield _SET_BY.get(keys[0], ("ring",)), message, hint


def _files(scenario: Scenario) -> Iterator[Misfit]:
    """Names that the device's files cannot have, or not together."""
    files = scenario.device_profile.files
    paths = {path for name in scenario.contents for path in directories_of(plain_name(name))}
    for name in scenario.contents:
        try:
            check_file_name(files, plain_name(name))
        except UfsError:
            message = f"{name!r} cannot be a file of {scenario.device}"
            yield ("files", name), message, name_hint(files)
        if plain_name(name) in paths:
            message = f"{name!r} cannot be a file and the directory of another"
            yield ("files", name), message, "Give one of them another name."


_BEARERS = {"lte": "LTE", "wlan": "Wi-Fi", "none": "network"}


def _network(scenario: Scenario) -> Iterator[Misfit]:
    """A bearer that the device cannot have, or Wi-Fi that it has none of."""
    bearer, device = scenario.network.bearer, scenario.device_profile
    has = {
        "lte": device.radio is not None and "lte" in device.radio.systems,
        "wlan": device.wifi is not None,
        "none": device.radio is not None or device.wifi is not None,
    }
    if bearer is not None and not has[bearer]:
        message = f"{scenario.device} has no {_BEARERS[bearer]}"
        hint = (
            'Leave bearer out: it has its own; or say "none".' if has["none"] else "Leave it out."
        )
        yield ("network", "bearer"), message, hint
    if device.wifi is None:
        message, hint = f"{scenario.device} has no Wi-Fi", "Leave it out, or take a Wi-Fi device."
        if scenario.network.joined is not None:
            yield ("network", "joined"), message, hint
        for table, given in _of_wifi(scenario).items():
            if given:
                yield (table, 0), message, hint


def _of_wifi(scenario: Scenario) -> dict[str, Sequence[object]]:
    """The tables that only a Wi-Fi device has a use for."""
    return {
        "access_point": scenario.access_points,
        "wifi_client": scenario.wifi_clients,
        "provision": scenario.provisions,
        "wake": scenario.wakes,
    }


def _settings(scenario: Scenario) -> Iterator[Misfit]:
    """What the device should be set to, or has to be able to."""
    device, settings = scenario.device_profile, scenario.device_settings
    uart = device.uart
    if settings.ifc is not None:
        wrong = not set(settings.ifc) <= set(uart.ifc_values)
        given = ",".join(map(str, settings.ifc))
        yield from _line_setting(scenario, "ifc", given, _values(uart.ifc_values), is_wrong=wrong)
    if settings.ipr is not None:
        yield from _rate(scenario, settings.ipr)
    if device.fota is None:
        no_upgrade = f"{scenario.device} has no firmware upgrade"
        if settings.restore:
            hint = "Leave it out: the firmware never changes."
            yield ("device_settings", "restore"), f"{no_upgrade}: nothing to restore", hint
        if scenario.firmware:
            hint = "Leave [[firmware]] out, or take a device that has AT+QFOTADL."
            yield ("firmware",), f"{no_upgrade}: no package can reach it", hint


def check_protocol_download(scenario: Scenario) -> None:
    """Raises QuecsimError where the device has no protocol download that could be gone on with."""
    fota = scenario.device_profile.fota
    if fota is None or fota.protocol_mode != "010003":
        raise QuecsimError(
            f"{scenario.device} has no protocol download",
            hint='leave it out, or take a device whose fota.protocol_mode is "010003"',
        )


def _rate(scenario: Scenario, baud: int) -> Iterator[Misfit]:
    """A rate of the list; or, where the command takes any, one between its ends."""
    bauds = scenario.device_profile.uart.bauds
    if _command(scenario.device_profile, "ipr") == "+QSETBAND":
        wrong = not min(bauds) <= baud <= max(bauds)
        hint = f"It takes {min(bauds)} to {max(bauds)}."
    else:
        wrong = baud not in bauds
        hint = _values(bauds)
    yield from _line_setting(scenario, "ipr", str(baud), hint, is_wrong=wrong)


def _values(values: Sequence[int]) -> str:
    return f"Its values are {', '.join(map(str, values))}."


def _line_setting(
    scenario: Scenario, key: str, given: str, hint: str, *, is_wrong: bool
) -> Iterator[Misfit]:
    """The misfit of a value that AT+IFC or AT+IPR is to have before the run."""
    path = ("device_settings", key)
    command = _command(scenario.device_profile, key)
    if command is None:
        yield path, f"{scenario.device} has no AT{_COMMANDS[key][0]}", f"Leave {key} out."
    elif is_wrong:
        yield path, f"{scenario.device} does not take AT{command}={given}", hint


def _command(profile: Profile, key: str) -> str | None:
    """What the device calls the command that the key stands for; None: it has none."""
    names = (command.name for command in catalogue(profile))
    return next((name for name in names if name in _COMMANDS[key]), None)
