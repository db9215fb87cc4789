"""Our own script, or a part of it, said to a simulated module in virtual time."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import serial
from msgspec.structs import replace

from quecsim.faults import Fault
from quecsim.likeness.module import Session, session
from quecsim.likeness.play import Progress
from quecsim.likeness.script import Script, default_script, script_of
from quecsim.profiles.schema import Profile
from quecsim.scenario.options import make_scenario
from quecsim.virtual.device import VirtualDevice
from quecsim.virtual.virtual_time import virtual_time


def part(*titles: str) -> Script:
    """The parts of our script that have these words in their headings."""
    text = files("quecsim.likeness").joinpath("everyday.txt").read_text()
    wanted: list[str] = []
    is_wanted = False
    for line in text.splitlines():
        if line.startswith("#"):
            is_wanted = any(title in line for title in titles)
        if is_wanted:
            wanted.append(line)
    assert wanted, titles
    return script_of("\n".join(wanted), "a part")


def spoken(
    module: Profile,
    profile: Profile,
    script: Script | None = None,
    *,
    runs: int = 1,
    stored: Mapping[str, bytes] | None = None,
    before: str = "",
    faults: Sequence[Fault] = (),
    progress: Progress = lambda _done, _total: None,
) -> tuple[Session, dict[str, Any]]:
    """The session with `module`, read with `profile`; and how the module was afterwards: `files`,
    `echo`, `cmee`. `before` is a line that somebody had said to it.
    """
    scenario = replace(
        make_scenario(profile.name, files=stored, faults=faults), device_profile=module
    )
    with virtual_time() as clock, VirtualDevice(scenario, clock=clock) as device:
        with serial.serial_for_url(device.url, baudrate=115200, timeout=0.05) as port:
            if before:
                port.write(before.encode() + b"\r")
                port.timeout = 1
                port.read(100)
                port.timeout = 0.05
            made, stopped = None, ""
            try:
                words = script or default_script()
                made = session(port, "a module", profile, words, runs, progress)
            except KeyboardInterrupt as stop:
                stopped = str(stop)
        settings = device.rig.device.settings
        after = {"files": device.files(), "echo": settings.echo, "cmee": settings.cmee}
    return made or Session((), (stopped,)), after
