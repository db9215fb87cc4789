"""quecsim: a simulated Quectel module at the end of a serial port.

`quecsim.open("ec200u")` runs one on a pseudo terminal. The names below are public; they are
loaded when first used, so that the command line starts quickly.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quecsim.api import OpenDevice, open
    from quecsim.errors import QuecsimError
    from quecsim.explanation import Explanation, Told, explain
    from quecsim.report.model import Report
    from quecsim.scenario.network import Service
    from quecsim.scenario.schema import Scenario, Stall
    from quecsim.virtual.device import VirtualDevice, open_virtual
    from quecsim.virtual.virtual_time import virtual_time

__version__ = "0.1.0"

__all__ = [
    "Explanation",
    "OpenDevice",
    "QuecsimError",
    "Report",
    "Scenario",
    "Service",
    "Stall",
    "Told",
    "VirtualDevice",
    "explain",
    "open",
    "open_virtual",
    "virtual_time",
]

_HOMES = {
    "Explanation": "quecsim.explanation",
    "OpenDevice": "quecsim.api",
    "QuecsimError": "quecsim.errors",
    "Report": "quecsim.report.model",
    "Scenario": "quecsim.scenario.schema",
    "Service": "quecsim.scenario.network",
    "Stall": "quecsim.scenario.schema",
    "Told": "quecsim.explanation",
    "VirtualDevice": "quecsim.virtual.device",
    "explain": "quecsim.explanation",
    "open": "quecsim.api",
    "open_virtual": "quecsim.virtual.device",
    "virtual_time": "quecsim.virtual.virtual_time",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'quecsim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
