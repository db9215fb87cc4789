"""Which page stands where in the site's contents.

A page that is named nowhere stands under `MORE`: whoever writes one need not know of this table.
"""

from collections.abc import Iterable

SECTIONS: dict[str, tuple[str, ...]] = {
    "Begin": ("STORY", "QUICK_START", "FIRST_CHECK", "SYMPTOMS"),
    "How to": (
        "UPLOAD",
        "CHECK",
        "PYTEST",
        "FUZZING",
        "SWEEP",
        "PYTHON",
        "CONTROL",
        "SCENARIOS",
        "FLOW_CONTROL",
        "OTHER_MACHINES",
        "PACKAGE",
        "EXAMPLES",
    ),
    "With a real module": (
        "REAL_MODULES",
        "EXPLAIN",
        "TAP",
        "CAPTURES",
        "PROBE",
        "COMPARE",
        "OWN_DEVICE",
        "REAL_UART",
    ),
    "See what happened": (
        "REPORT",
        "DIALOGUE",
        "TUI",
        "PAGE",
        "FILES",
        "PACKETS",
        "TRACE",
    ),
    "The network": (
        "NETWORK",
        "BROKER",
        "SERVERS",
        "TLS",
        "WIFI",
        "BLE",
        "BLE_BRIDGE",
    ),
    "Reference": (
        "COMMANDS",
        "reference/scenario",
        "reference/faults",
        "reference/conduct",
        "reference/devices",
        "reference/profile",
        "reference/at-commands",
        "reference/events",
        "reference/python",
        "GLOSSARY",
    ),
    "Concepts": ("CHAIN", "VIRTUAL", "FIDELITY", "FLASH_RATE", "NEIGHBOURS"),
    "The project": ("ARCHITECTURE", "DEPENDENCIES", "BENCHMARKS", "CONTRIBUTING", "CHANGELOG"),
}
MORE = "More"


def contents(pages: Iterable[str]) -> dict[str, list[str]]:
    """Heading -> its pages, of those that there are; a heading without any is left out."""
    left = sorted(set(pages))
    made: dict[str, list[str]] = {}
    for heading, names in SECTIONS.items():
        made[heading] = [name for name in names if name in left]
        left = [name for name in left if name not in names]
    made[MORE] = left
    return {heading: names for heading, names in made.items() if names}
