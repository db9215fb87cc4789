"""Faults: trouble that a scenario asks for, beside what line, ring and flash do by themselves.

`from quecsim.faults import AckLost` finds the record of any kind, wherever it stands.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "Fault":
        from quecsim.faults.fault import Fault

        return Fault
    if not name.startswith("_") and name[0].isupper():
        from quecsim.faults.catalogue import KINDS

        for kind in KINDS.values():
            if kind.__name__ == name:
                return kind
    raise AttributeError(f"module 'quecsim.faults' has no attribute {name!r}")
