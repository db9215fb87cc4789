"""The whole set-up of a run by value: into its first event, and out of it again."""

from typing import Any

import msgspec
import pytest

from quecsim.at.access_point import AccessPoint
from quecsim.at.context import Outside
from quecsim.at.surroundings import Surroundings
from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import read_fault
from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.rig.setup import config_of, flash_image, start_event, unpacked, with_origin
from quecsim.rng import Stream
from quecsim.trace.event import Start
from quecsim.trace.setup import FlashImage
from tests.device.bench import shipped

FULL = RigConfig(
    port="usb",
    is_unlimited=True,
    host_baud=9600,
    host_flow="rtscts",
    has_wires=False,
    lag_bytes=7,
    garbles=True,
    is_any_rate=True,
    is_real_line=True,
    flash_mode=FlashMode.DRAWN,
    stalls=(AddedStall(5, at_byte=3), AddedStall(6, every_bytes=4)),
    faults=(read_fault({"kind": "insert_bytes", "at_byte": 3, "bytes": [0, 255]}),),
    ifc=(0, 2),
    ipr=19_200,
    clock_s=5,
    has_network=False,
    around=Surroundings(access_points=(AccessPoint(ssid="a", channel=1),), is_joined=False),
    seed=77,
    contents={"a": bytes(range(256))},
    restores_firmware=True,
    outside=Outside({"0" * 32: "NEXT"}),
)


def started(config: RigConfig) -> Start:
    return start_event(5, shipped(), config, 4096, is_up=False)


@pytest.mark.parametrize("config", [RigConfig(), FULL])
def test_it_comes_back_as_it_was_also_through_a_file(config: RigConfig) -> None:
    start = started(config)
    read = msgspec.json.decode(msgspec.json.encode(start), type=Start)
    assert read == start
    profile, again = config_of(read)
    assert profile == shipped()
    assert start_event(5, profile, again, 4096, is_up=False) == start
    assert (tuple(again.stalls), tuple(again.faults)) == (tuple(config.stalls), config.faults)
    assert again.contents == config.contents


def test_every_setting_is_in_it() -> None:
    """A new field of the configuration is in the record, or this test says so."""
    plain, full = started(RigConfig()), started(FULL)
    same = {name for name, value in plain.config.items() if full.config[name] == value}
    assert same == {"protocol_download"}
    told = set(full.config) - {"packages", "protocol_download"}
    elsewhere = {"port", "seed", "faults", "outside", "origin"}
    assert told | elsewhere == set(RigConfig.__dataclass_fields__)


@pytest.mark.parametrize(
    "changes",
    [{"profile": None}, {"config": {}}, {"config": {**started(FULL).config, "lag_bytes": "x"}}],
)
def test_a_set_up_that_is_none(changes: dict[str, Any]) -> None:
    start = msgspec.structs.replace(started(with_origin(FULL, version="0.0.3")), **changes)
    with pytest.raises(QuecsimError) as caught:
        config_of(start)
    assert "0.0.3" in caught.value.hint


def test_a_flash_is_packed_where_it_can_be() -> None:
    used = bytearray(b"\xff" * (1 << 22))
    used[5000:5004] = b"file"
    image = flash_image(used)
    assert (image.size_bytes, len(image.packed) < 20_000) == (1 << 22, True)
    assert unpacked(image) == used
    assert unpacked(FlashImage()) is None


def test_what_cannot_be_packed_is_known_by_its_digest() -> None:
    stream = Stream(1, "noise")
    noise = b"".join(stream.below(1 << 32).to_bytes(4, "big") for _ in range(400_000))
    image = flash_image(bytearray(noise))
    assert (image.packed, len(image.sha256)) == (b"", 64)
    assert unpacked(image, noise) == bytearray(noise)
    with pytest.raises(QuecsimError, match="too large"):
        unpacked(image)
    with pytest.raises(QuecsimError, match="not the image"):
        unpacked(image, noise[::-1])
