"""Which device a quecsim:// URL names: one that runs already, or a new one.

    quecsim://ec200u                              a device of that name
    quecsim://ec200u?scenario=stall-400&seed=3    with a scenario, and options of scenarios on top
    quecsim:///path/to/scenario.toml              a scenario's file, and its device
    quecsim://ec200u/7                            the seventh device of this process

Within `virtual_time()` the same URL is the same device; elsewhere each port makes one of its own.
"""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit
from weakref import WeakValueDictionary

from quecsim.errors import QuecsimError
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.virtual.plain_serial import teach

if TYPE_CHECKING:
    from quecsim.virtual.device import VirtualDevice

SCHEME = "quecsim"
HANDLERS = "quecsim.virtual"

_numbers = count(1)
_running: "WeakValueDictionary[str, VirtualDevice]" = WeakValueDictionary()


def add(device: "VirtualDevice") -> str:
    """Give a running device its URL, and see to it that pyserial knows what to do with it."""
    register()
    url = f"{SCHEME}://{device.rig.profile.name}/{next(_numbers)}"
    _running[url] = device
    return url


def remove(device: "VirtualDevice") -> None:
    """It does not run any more."""
    _running.pop(device.url, None)


def register() -> None:
    """pyserial looks for quecsim:// in our package too, from now on."""
    import serial

    if HANDLERS not in serial.protocol_handler_packages:
        serial.protocol_handler_packages.insert(0, HANDLERS)  # looking in others takes time
        teach(serial)


def running(url: str) -> "VirtualDevice | None":
    """The running device with that URL. Raises QuecsimError where it has ended."""
    _device, number, _query = _parts(url)
    if not number.isdigit():
        return None
    if url not in _running:
        raise QuecsimError(f"{url} does not run any more", hint="open it within its `with` block")
    return _running[url]


def scenario_of(url: str) -> tuple[Scenario, bool]:
    """What a URL asks for: the scenario, and whether the device is up already.

    Raises QuecsimError for an unknown device, scenario or option.
    """
    device, path, query = _parts(url)
    if not path and "scenario" not in query and device.isalnum():  # no file has a say
        return _plain_scenario_of(url)
    return _read_scenario_of(url)


def _read_scenario_of(url: str) -> tuple[Scenario, bool]:
    device, path, given = _parts(url)
    query = dict(given)
    if not device and not path and "scenario" not in query:
        raise QuecsimError(
            f"{url} names neither a device nor a scenario",
            hint="write for instance quecsim://ec200u",
        )
    if path:
        if device:
            raise QuecsimError(
                f"{url} names no device",
                hint="write quecsim://ec200u?scenario=NAME, or quecsim:///path/to/scenario.toml",
            )
        if "scenario" in query:
            raise QuecsimError(f"{url} names two scenarios", hint="leave one of them out")
        query["scenario"] = f"/{path}"
    values: dict[str, Any] = {
        key: text if key in _TEXTS else _value(text) for key, text in query.items()
    }
    power_on = values.pop("power_on", False)
    if not isinstance(power_on, bool):
        raise QuecsimError(f"power_on={power_on!r} cannot be", hint="say true or false")
    for name in _NOT_IN_A_URL:
        if name in values:
            raise QuecsimError(
                f"there is no option {name!r} in a URL",
                hint="write a scenario's file, or use quecsim.open_virtual()",
            )
    return make_scenario(device or None, **values), not power_on


_plain_scenario_of = lru_cache(maxsize=256)(_read_scenario_of)
_TEXTS = ("scenario",)
_NOT_IN_A_URL = ("device", "files", "stalls", "faults")


@lru_cache(maxsize=256)
def _parts(url: str) -> tuple[str, str, Mapping[str, str]]:
    """Device, path without its first slash, options."""
    split = urlsplit(url)
    if split.scheme.lower() != SCHEME:
        raise QuecsimError(f"{url} is no quecsim:// URL", hint="write quecsim://ec200u")
    pairs = parse_qsl(split.query, keep_blank_values=True)
    query = dict(pairs)
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            raise QuecsimError(f"{url} says {name} {times} times", hint="leave all but one out")
    return unquote(split.netloc), unquote(split.path).removeprefix("/"), query


def _value(text: str) -> Any:
    """What TOML would make of it: a number, true or false, numbers with commas, or text."""
    if "," in text:
        return [_value(part) for part in text.split(",")]
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            pass
    return {"true": True, "false": False}.get(text.lower(), text)
