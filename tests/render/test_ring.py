from typing import Any

from msgspec.structs import replace

from quecsim.profiles.loader import load_profile
from quecsim.render.ring import ring_bytes
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import Start


def start(**config: Any) -> Start:
    rig = Rig(load_profile("ec200u"), RigConfig(**config))
    rig.start()
    (first,) = (event for event in rig.take_events() if isinstance(event, Start))
    return first


def test_it_is_that_of_the_run() -> None:
    told = start()
    assert ring_bytes(told) == 4096
    assert ring_bytes(replace(told, settings=told.settings | {"ring_bytes": "512"})) == 512


def test_where_the_settings_do_not_say_it_it_is_that_behind_the_port() -> None:
    told = start(port="usb")
    assert told.profile is not None
    assert told.profile.usb is not None
    usb = replace(told.profile.usb, rx_ring_bytes=100)
    silent = replace(told, settings={}, profile=replace(told.profile, usb=usb))
    assert ring_bytes(silent) == 100
    assert ring_bytes(replace(silent, settings={"ring_bytes": "many"})) == 100
    assert ring_bytes(replace(silent, profile=None)) == 0
    assert ring_bytes(replace(silent, port="com1")) == 0
