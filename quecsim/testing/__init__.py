"""For tests: asserts about a device, strategies for Hypothesis, hosts run and judged.

The asserts are public here and loaded when first used. `quecsim.testing.strategies` and
`quecsim.testing.machine` need Hypothesis (`pip install 'quecsim[fuzz]'`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quecsim.testing.asserts import (
        assert_connected,
        assert_good_conduct,
        assert_no_bytes_lost,
        assert_no_network_trouble,
        assert_uploaded,
    )

__all__ = [
    "assert_connected",
    "assert_good_conduct",
    "assert_no_bytes_lost",
    "assert_no_network_trouble",
    "assert_uploaded",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'quecsim.testing' has no attribute {name!r}")
    return getattr(import_module("quecsim.testing.asserts"), name)
