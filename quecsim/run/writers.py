"""What writes a run into a file: loaded when it is asked for, and missed in words."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO

from quecsim.errors import QuecsimError
from quecsim.render.recorded import Recorded

Writer = Callable[[Recorded, BinaryIO], None]


def load_writer(place: str, option: str, extra: str = "") -> Callable[..., Any]:
    """What is at `place` (`module:function`), for `option`: a `Writer`, or what goes with one.

    Raises QuecsimError where its packages are missing, which come with quecsim's `extra`.
    """
    module, _, function = place.partition(":")
    try:
        found: Callable[..., Any] = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        if not extra or (error.name or "").startswith("quecsim"):
            raise
        raise QuecsimError(
            f"{option} needs {error.name}", hint=f"pip install 'quecsim[{extra}]'"
        ) from None
    return found
