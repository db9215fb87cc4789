"""What a scenario asks of its device and the device cannot do: told, instead of passed over."""

from collections.abc import Iterator, Sequence

from quecsim.commands.catalogue import catalogue
from quecsim.errors import QuecsimError
from quecsim.profiles.schema import Profile
from quecsim.scenario.faults import Misfit, fault_misfits
from quecsim.scenario.schema import Scenario

# The commands that a key of [device_settings] stands for: a device has one of them, or none.
_COMMANDS = {"ifc": ("+IFC",), "ipr": ("+IPR", "+QSETBAND")}


def misfits(scenario: Scenario) -> Iterator[Misfit]:
    """(key of the scenario, message, hint) for each."""
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
    yield from fault_misfits(scenario)


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
