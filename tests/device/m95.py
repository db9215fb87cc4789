"""An M95 on the bench: at a fixed rate, unless auto-bauding is what is looked at."""

from functools import cache
from typing import Any

from msgspec.structs import replace

from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from tests.device.bench import Bench


@cache
def shipped() -> Profile:
    return load_profile("m95")


def profile(**parts: dict[str, Any]) -> Profile:
    """The M95 with some values changed: `profile(secure={"ram_bytes": 40_000})`."""
    changed = {name: replace(getattr(shipped(), name), **values) for name, values in parts.items()}
    return replace(shipped(), **changed)


def m95(device: Profile | None = None, **config: Any) -> Bench:
    """A device at 115200 baud that has been up for a while."""
    return Bench(device or shipped(), ipr=115_200, **config)
