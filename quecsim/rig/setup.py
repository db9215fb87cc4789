"""The whole set-up of a run by value: into its first event, and out of it again."""

import zlib
from collections.abc import Mapping
from dataclasses import fields, replace
from hashlib import sha256
from typing import Any

import msgspec

from quecsim.at.context import Outside
from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import read_fault
from quecsim.flash.nor import Storage
from quecsim.profiles.schema import Profile
from quecsim.rig.config import RigConfig
from quecsim.trace.event import Start
from quecsim.trace.setup import FlashImage

_MOST_PACKED_BYTES = 1 << 20
_ELSEWHERE = ("port", "seed", "faults", "outside", "origin")  # of `Start`, or of its own kind


def start_event(
    now_ns: int, profile: Profile, config: RigConfig, ring_bytes: int, *, is_up: bool
) -> Start:
    """The first event of a run. A flash that `config` says nothing of was blank."""
    return Start(
        now_ns,
        profile.name,
        config.seed,
        config.port,
        _told(profile, config, ring_bytes),
        config.fault_tables(),
        is_up,
        profile,
        _config_table(config),
        config.origin,
    )


def config_of(start: Start) -> tuple[Profile, RigConfig]:
    """The device and the configuration that `start` began with.

    Raises QuecsimError where the record is of an older quecsim, or a part of the run was a program.
    """
    if start.profile is None or not start.config:
        raise QuecsimError(
            "the set-up of the run is not one that this quecsim knows", hint=_use_that(start)
        )
    table = dict(start.config)
    if table.pop("protocol_download"):
        raise QuecsimError(
            "the run had a protocol_download of its own, a program that no record holds",
            hint="run it again from Python, with quecsim.open(protocol_download=...)",
        )
    outside = Outside(table.pop("packages"))
    try:
        config = msgspec.convert(table, RigConfig)
    except msgspec.ValidationError as error:
        raise QuecsimError(
            f"the set-up of this record is none: {error}",
            hint=_use_that(start),
        ) from None
    config = replace(config, port=start.port, seed=start.seed)
    config = replace(config, faults=tuple(map(read_fault, start.faults)))
    return start.profile, replace(config, outside=outside, origin=start.origin)


def _use_that(start: Start) -> str:
    return f"it was recorded by quecsim {start.origin.version or '(unknown)'}: use that one"


def flash_image(storage: Storage) -> FlashImage:
    """What is in `storage`, and its bytes where they are few enough once they are packed."""
    data = bytes(storage[:])
    packed = zlib.compress(data, 1)
    return FlashImage(
        len(data),
        sha256(data).hexdigest(),
        packed if len(packed) <= _MOST_PACKED_BYTES else b"",
    )


def unpacked(image: FlashImage, given: bytes | None = None) -> bytearray | None:
    """A flash with what was on it; None where it was blank. `given` is an image from outside.

    Raises QuecsimError where it is not in the record and not given, or another one is given.
    """
    if not image.size_bytes:
        return None
    if given is None and not image.packed:
        raise QuecsimError(
            "the run began with an image that is too large for a record",
            hint=f"give it as it was then: --ufs IMAGE (SHA-256 {image.sha256})",
        )
    data = zlib.decompress(image.packed) if given is None else given
    if sha256(data).hexdigest() != image.sha256:
        raise QuecsimError(
            "this is not the image that the run began with",
            hint=f"its SHA-256 was {image.sha256}: `quecsim run` writes to its image, so take a "
            "copy from before",
        )
    return bytearray(data)


def with_origin(config: RigConfig, **changes: Any) -> RigConfig:
    """The same with more that is known about where the run comes from."""
    return replace(config, origin=msgspec.structs.replace(config.origin, **changes))


def _config_table(config: RigConfig) -> dict[str, Any]:
    """As plain data, the way JSON has it: so an event is the same before and after a file."""
    values: dict[str, Any] = {
        one.name: getattr(config, one.name) for one in fields(config) if one.name not in _ELSEWHERE
    }
    packages: Mapping[str, str] = config.outside.accepted_packages
    values["packages"] = dict(packages)
    values["protocol_download"] = config.outside.protocol_download is not None
    table: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(values))
    return table


def _told(profile: Profile, config: RigConfig, ring_bytes: int) -> dict[str, str]:
    """What people will want to read first."""
    return {
        "speed": "unlimited" if config.is_unlimited else "paced",
        "flash": config.flash_mode.value,
        "host_flow": config.host_flow,
        "ring_bytes": str(ring_bytes),
        "data_buffer_bytes": str(profile.files.data_buffer_bytes),
    }
