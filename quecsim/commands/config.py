"""Quectel's settings commands: +QCFG, +QINDCFG, +QURCCFG."""

from collections.abc import Callable
from dataclasses import dataclass

from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer, Text
from quecsim.commands.context import Context

_SOURCE = "EG800Q&EG91xQ AT Commands Manual V1.1"


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One key of AT+QCFG: how many values it takes, from which, and where they live."""

    name: str
    values: tuple[int, ...]
    count: int
    get: Callable[[Context], tuple[int, ...]]
    set: Callable[[Context, tuple[int, ...]], None]

    @property
    def described(self) -> str:
        """As in the `=?` reply."""
        ranges = ",".join(f"({','.join(map(str, self.values))})" for _ in range(self.count))
        return f'+QCFG: "{self.name}",{ranges}'


def _set_usbifc(context: Context, values: tuple[int, ...]) -> None:
    context.settings.usbifc = (values[0], values[1])


QCFG_KEYS = {
    "usbifc": ConfigKey("usbifc", (0, 2), 2, lambda c: c.settings.usbifc, _set_usbifc),
}

QCFG = Command(
    "+QCFG",
    "Extended settings",
    source="EC200T&UC200T FOTA User Guide V1.0, 3.3 (usbifc)",
    params=(
        Text("key", needs_quotes=True),
        Integer("value", optional=True),
        Integer("value2", optional=True),
    ),
    test_text=lambda _context: "\r\n".join(key.described for key in QCFG_KEYS.values()),
)


@QCFG.write
def _configure(context: Context, key: str, *values: int | None) -> str | None:
    entry = QCFG_KEYS.get(key.lower())
    if entry is None:
        raise AtError
    given = tuple(value for value in values if value is not None)
    if not given:
        return f'+QCFG: "{entry.name}",{",".join(map(str, entry.get(context)))}'
    if len(given) != entry.count or any(value not in entry.values for value in given):
        raise AtError
    entry.set(context, given)
    return None


_INDICATIONS = ("all", "csq", "smsfull", "ring", "smsincoming", "act")

QINDCFG = Command(
    "+QINDCFG",
    "Which unsolicited result codes are sent",
    source=_SOURCE,
    params=(
        Text("urctype", needs_quotes=True),
        Integer("enable", allowed=(0, 1), optional=True),
        Integer("savetonvram", allowed=(0, 1), default=0, optional=True),
    ),
    test_text="+QINDCFG: ({}),(0,1),(0,1)".format(",".join(f'"{n}"' for n in _INDICATIONS)),
)


@QINDCFG.write
def _indicate(context: Context, kind: str, enable: int | None, save: int) -> str | None:
    name = kind.lower()
    if name not in _INDICATIONS:
        raise AtError
    if enable is None:
        return f'+QINDCFG: "{name}",{context.settings.indications.get(name, int(name == "all"))}'
    context.settings.indications[name] = enable
    if save:
        context.kept.indications[name] = enable
    return None


_URC_PORTS = ("usbat", "usbmodem", "uart1", "all")

QURCCFG = Command(
    "+QURCCFG",
    "The port that unsolicited result codes go to",
    source=_SOURCE,
    params=(Text("key", needs_quotes=True), Text("port", needs_quotes=True, optional=True)),
    test_text='+QURCCFG: "urcport",({})'.format(",".join(f'"{port}"' for port in _URC_PORTS)),
)


@QURCCFG.write
def _urc_port(context: Context, key: str, port: str | None) -> str | None:
    if key.lower() != "urcport":
        raise AtError
    if port is None:
        return f'+QURCCFG: "urcport","{context.settings.urc_port}"'
    if port.lower() not in _URC_PORTS:
        raise AtError
    context.settings.urc_port = port.lower()
    return None


COMMANDS = (QCFG, QINDCFG, QURCCFG)
