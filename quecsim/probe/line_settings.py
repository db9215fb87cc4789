"""The serial line and the reports, as the module was found: rate, frame, flow control, AT+CMEE."""

import re
from collections.abc import Iterator

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, not_measured
from quecsim.probe.prepare import Found
from quecsim.probe.step import Step

_FRAMES = {"3": "8N1", "1": "8N2"}  # AT+ICF, by 27.007; format 2 has a parity
_PARITIES = {"0": "8O1", "1": "8E1"}
_ASKED = "as found: "


def _line(bench: Bench) -> Iterator[Finding]:
    yield _rates(bench)
    yield _rate(bench)
    yield _frame(bench)
    yield _flow_values(bench)
    yield _pair(bench, "uart.ifc_default", "AT+IFC?", r"\+IFC:\s*(\d),\s*(\d)")
    usb = r'\+QCFG:\s*"usbifc",\s*(\d),\s*(\d)'
    yield _pair(bench, "usb.usbifc_default", 'AT+QCFG="usbifc"', usb)


def _asked(bench: Bench, text: str) -> str:
    reply = bench.command(text)
    return "\n".join(reply.lines) if reply.ok else ""


def _rates(bench: Bench) -> Finding:
    """The list of AT+IPR=?; 0 in it is automatic. Some have two lists: the last has all."""
    lists = re.findall(r"\(([\d,\s]+)\)", _asked(bench, "AT+IPR=?"))
    rates = tuple(int(each) for each in lists[-1].split(",") if each.strip()) if lists else ()
    if rates := tuple(rate for rate in rates if rate):
        return Finding("uart.bauds", rates, "AT+IPR=?")
    return not_measured("uart.bauds", "the module has no list of rates in AT+IPR=?")


def _rate(bench: Bench) -> Finding:
    for command in ("+IPR", "+QSETBAND"):
        found = re.search(r":\s*(\d+)", _asked(bench, f"AT{command}?"))
        if found and int(found[1]):
            return Finding("uart.baud", int(found[1]), f"{_ASKED}AT{command}?")
        if found:
            return not_measured("uart.baud", "AT+IPR is 0: the module goes by the host's rate")
    return not_measured("uart.baud", "the module has no AT+IPR")


def _frame(bench: Bench) -> Finding:
    found = re.search(r"\+ICF:\s*(\d)(?:,\s*(\d))?", _asked(bench, "AT+ICF?"))
    frame = _FRAMES.get(found[1], _PARITIES.get(found[2] or "")) if found else None
    if frame is None:
        return not_measured("uart.frame", "the module has no AT+ICF, or a frame of its own")
    return Finding("uart.frame", frame, f"{_ASKED}AT+ICF?")


def _flow_values(bench: Bench) -> Finding:
    lists = re.findall(r"\(([\d,\s-]+)\)", _asked(bench, "AT+IFC=?"))
    if not lists:
        return not_measured("uart.ifc_values", "the module has no AT+IFC")
    return Finding("uart.ifc_values", tuple(sorted(numbers(lists[0]))), "AT+IFC=?")


def numbers(listed: str) -> set[int]:
    """The numbers of a list in a test reply: `0,2-4` is 0, 2, 3, 4. Raises ValueError."""
    found: set[int] = set()
    for part in listed.split(","):
        low, _, high = part.partition("-")
        found |= set(range(int(low), int(high or low) + 1))
    return found


def _pair(bench: Bench, key: str, text: str, pattern: str) -> Finding:
    found = re.search(pattern, _asked(bench, text))
    if not found:
        return not_measured(key, f"the module has no {text.rstrip('?')}")
    return Finding(key, (int(found[1]), int(found[2])), f"{_ASKED}{text}")


LINE = Step(
    name="line",
    title="asks for rate, frame and flow control",
    seconds=1,
    keys=(
        "uart.bauds",
        "uart.baud",
        "uart.frame",
        "uart.ifc_values",
        "uart.ifc_default",
        "usb.usbifc_default",
    ),
    run=_line,
)


def reports(found: Found, when: str = "as found") -> Iterator[Finding]:
    """Echo and AT+CMEE, as the module was found."""
    yield Finding("at.echo", found.echo, f"{when}: whether AT is echoed")
    if found.cmee is None:
        yield not_measured("at.cmee", "the module has no AT+CMEE")
    else:
        yield Finding("at.cmee", found.cmee, f"{when}: AT+CMEE?")
