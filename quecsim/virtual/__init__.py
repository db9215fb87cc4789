"""A device in this process, in virtual time: `quecsim.virtual("ec200u")`.

The package is callable, so that `quecsim.virtual(...)` is the function and `quecsim.virtual.run`
the module.
"""

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        from quecsim.virtual.device import open_virtual

        return open_virtual(*arguments, **options)


sys.modules[__name__].__class__ = _Callable
