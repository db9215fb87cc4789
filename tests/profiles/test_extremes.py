"""Whatever a profile of one's own may hold works, or is refused in one message that says where.

Every number at the ends of its range and at odd places between, every word and switch, some texts.
"""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from quecsim.commands.catalogue import load_device
from quecsim.errors import QuecsimError
from quecsim.flash.timing import FlashMode
from quecsim.host.plan import UploadPlan, Via
from quecsim.host.uploader import upload
from quecsim.profiles import Profile, load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.virtual.port import VirtualPort

DATA = bytes(range(256)) * 6
WAYS = {
    "ec200u": UploadPlan("ca.pem", DATA),
    "ec200t": UploadPlan("ca.pem", DATA, ack=True),
    "m95": UploadPlan("NVRAM:CA0", DATA, via=Via.QSECWRITE),
    "fcm242d": UploadPlan("ca.pem", DATA, via=Via.QFWRITE),
}


def plain(info: inspect.Type) -> inspect.Type:
    """The type itself: without its description, and the one of a part that may be missing."""
    if isinstance(info, inspect.Metadata):
        return plain(info.type)
    if isinstance(info, inspect.UnionType):
        return plain(next(one for one in info.types if not isinstance(one, inspect.NoneType)))
    return info


def values(info: inspect.Type) -> list[Any]:
    """What a field of that type is tried with."""
    match plain(info):
        case inspect.IntType(ge=int(low), le=int(high)):
            odd = {low, low + 1, 17, 257, (low + high) // 2, high - 1, high}
            return sorted(value for value in odd if low <= value <= high)
        case inspect.LiteralType(values=words):
            return list(words)
        case inspect.StrType():
            return ["", "x", "x" * 80, '"', "é", "0" * 15]
        case inspect.BoolType():
            return [False, True]
        case inspect.TupleType(item_types=items):
            return [list(pair) for pair in itertools.product(*map(values, items))]
        case inspect.VarTupleType(item_type=item):
            each = values(item)
            return [[value] for value in each] + [each] * bool(each)
        case _:
            return []


def parts_of(device: str) -> dict[str, inspect.StructType]:
    """The tables that the device's profile has."""
    info = inspect.type_info(Profile)
    assert isinstance(info, inspect.StructType)
    tables = {field.name: plain(field.type) for field in info.fields}
    del tables["provenance"]
    profile = load_profile(device)
    return {
        name: kind
        for name, kind in tables.items()
        if isinstance(kind, inspect.StructType) and getattr(profile, name) is not None
    }


def fields() -> Iterator[tuple[str, str, str, list[Any]]]:
    """(device, part, key, values): each part with the first device that has it, all flash's too."""
    seen = set()
    for device in WAYS:
        for part, kind in parts_of(device).items():
            if part not in seen:
                yield from ((device, part, one.name, values(one.type)) for one in kind.fields)
            seen.add(part)


def written(device: str, changes: dict[tuple[str, str], Any], path: Path) -> Path:
    """A profile of one's own with those values."""
    lines = [f'extends = "{device}"']
    for (part, key), value in changes.items():
        known = f'{{ value = {json.dumps(value)}, how = "assumed", source = "a test" }}'
        lines.append(f"{part}.{key} = {known}")
    path.write_text("\n".join(lines) + "\n")
    return path


def run(device: str, changes: dict[tuple[str, str], Any], path: Path) -> None:
    """Upload with a device of those values, which may fail, unless the profile is refused."""
    profile = loaded(written(device, changes, path))
    if profile is None:
        return
    port = "usb" if ("usb", "packet_bytes") in changes else "uart"
    rig = Rig(profile, RigConfig(flash_mode=FlashMode.TYPICAL, port=port))
    rig.start()
    host = VirtualPort(rig, baudrate=profile.uart.baud)
    result = upload(host, WAYS[device], sleep=host.sleep)
    rig.finish(host.now_ns)
    assert result.ok or result.problems


def loaded(path: Path) -> Profile | None:
    """The profile, or None where it is refused in a message with file, line and what to do."""
    refusal = ""
    try:
        return load_device(path)
    except QuecsimError as error:
        refusal = str(error)
    assert re.search(rf"{re.escape(str(path))}:[0-9]+: .*( must be |\n +\S)", refusal)
    return None


@pytest.mark.parametrize(
    ("device", "part", "key", "tried"),
    [pytest.param(*field, id=".".join(field[1:3])) for field in fields() if field[3]],
)
def test_a_value_works_or_is_refused(
    device: str, part: str, key: str, tried: list[Any], tmp_path: Path
) -> None:
    for value in tried:
        run(device, {(part, key): value}, tmp_path / "mine.toml")


SIZES = {
    ("files", "block_bytes"): [256, 257, 512, 1000, 4096, 65_536, 1 << 20],
    ("files", "block_count"): [4, 5, 7, 64, 1000, 65_536],
    ("files", "cache_bytes"): [16, 24, 64, 256, 1000, 4096, 1 << 20],
    ("flash", "page_bytes"): [16, 24, 64, 256, 1000, 4096],
    ("files", "name_bytes"): [8, 255],
    ("files", "data_buffer_bytes"): [1, 1000, 1 << 20],
}


@settings(max_examples=80, deadline=None)
@given(changes=st.fixed_dictionaries({key: st.sampled_from(sizes) for key, sizes in SIZES.items()}))
def test_sizes_of_the_flash_work_together_or_are_refused(
    changes: dict[tuple[str, str], Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    run("ec200u", changes, tmp_path_factory.mktemp("profile") / "mine.toml")


@pytest.mark.parametrize("page_bytes", [1, 8, 15, 24, 4097])
def test_a_page_that_no_flash_has_is_refused(page_bytes: int, tmp_path: Path) -> None:
    path = written("ec200u", {("flash", "page_bytes"): page_bytes}, tmp_path / "mine.toml")
    with pytest.raises(QuecsimError, match=r"mine.toml:2: .*page_bytes"):
        load_device(path)
