"""Plays a dialogue against its device, in virtual time, and compares every byte that comes back.

The host is one that has switched echo off, and RTS/CTS on at its end of the line. It types the next
line when the last byte that the document prints has arrived, so a byte too many shows as a
difference in the next comparison.
"""

from quecsim.at.surroundings import Surroundings
from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig
from quecsim.scenario.ble_peers import new_crowd
from quecsim.scenario.options import make_scenario
from quecsim.scenario.peers import new_network
from quecsim.virtual.port import VirtualPort
from tests.fidelity.dialogue import Dialogue, Passed, Printed, Rebooted, Sent, Typed, framed, parse

_REPLY_S = 5.0  # an ordinary reply, well within what the documents promise
_LONG_S = 1200.0  # a firmware package at 115200 baud takes seven minutes
_QUIET_S = 3.0
_GUARD_S = 1.5
_RESTART_S = 30.0  # longer than any device takes, where it has no text to say that it is up
_ECHO_OFF = ("ATE0", "AT+QECHO=0")
_TRIES = 4  # a device that looks for the baud rate may lose the first AT


_NOTHING = Dialogue("", "")


class DifferenceError(AssertionError):
    """The device printed something else than the document."""


class Stage:
    """One device, ready for commands, without echo."""

    def __init__(self, device: str, dialogue: Dialogue = _NOTHING) -> None:
        own = dialogue.services
        services = own(load_profile(device)) if callable(own) else own
        air = dialogue.ble_peers
        scenario = make_scenario(device, quirks=dialogue.quirks, services=services, ble_peers=air)
        self.profile: Profile = scenario.profile()
        around = Surroundings(is_joined=dialogue.is_joined)
        config = RigConfig(port=dialogue.port, flash_mode=FlashMode.TYPICAL, around=around)
        rig = Rig(self.profile, config, peer=new_network(scenario), ble_peer=new_crowd(scenario))
        rig.start()
        self.port = VirtualPort(rig, rtscts=dialogue.port == "uart")
        self._silence()

    def ask(self, line: str) -> bytes:
        """Type a line; all that comes back until the device is quiet."""
        self.type(line)
        return self.rest()

    def type(self, line: str) -> None:
        """Type a line and CR, or the escape sequence, which wants silence in front of it."""
        if line == "+++":
            self.port.sleep(_GUARD_S)
            self.port.write(line.encode())
        else:
            self.port.write(line.encode() + b"\r")

    def rest(self, quiet_s: float = _QUIET_S) -> bytes:
        """What has come by the time the device has had `quiet_s` to say more."""
        self.port.sleep(quiet_s)
        return self.port.read(self.port.in_waiting)

    def expect(self, expected: bytes, after: str, limit_s: float = _REPLY_S) -> None:
        """The next bytes from the device are these. Raises DifferenceError."""
        self.port.timeout = limit_s
        got = self.port.read(len(expected))
        if got != expected:
            raise DifferenceError(
                f"after {after}: expected {expected!r}, got {got + self.rest()!r}"
            )

    def expect_restart(self, after: str) -> None:
        """The texts of a boot, and then the echo of a device that was not told to be silent."""
        texts = b"".join(framed(urc.text) for urc in self.profile.boot.urcs)
        self.expect(texts, f"{after} and a restart", _LONG_S)
        self.port.sleep(_RESTART_S)
        self.type("AT")
        self.expect(b"AT\r\r\nOK\r\n", f"AT after {after} and a restart")

    def _silence(self) -> None:
        for _ in range(_TRIES):
            if b"OK" in self.ask("AT"):
                break
        assert any(b"OK" in self.ask(line) for line in _ECHO_OFF)


def play(dialogue: Dialogue, device: str) -> Stage:
    """Play `dialogue` on a new `device`. Raises DifferenceError where it answers otherwise."""
    stage = Stage(device, dialogue)
    after = "the start"
    is_patient = False
    prompt = b"> " if stage.profile.at.prompt_blank else b">"
    for step in parse(dialogue.text, prompt):
        match step:
            case Typed(line):
                stage.type(line)
                after, is_patient = line, False
            case Sent(name):
                stage.port.write(_payload(dialogue, name, stage.profile))
                after, is_patient = f"{after} and {name}", True
            case Printed(data):
                is_long = is_patient or dialogue.services
                stage.expect(data, after, _LONG_S if is_long else _REPLY_S)
            case Passed(name):
                stage.expect(_payload(dialogue, name, stage.profile), after, _LONG_S)
            case Rebooted():
                stage.expect_restart(after)
    rest = stage.rest()
    if rest:
        raise DifferenceError(f"after {after}: nothing more is printed, got {rest!r}")
    return stage


def _payload(dialogue: Dialogue, name: str, profile: Profile) -> bytes:
    payload = dialogue.payloads.get(name)
    if payload is None:
        raise DifferenceError(f"{name}: nobody has this payload")
    return payload if isinstance(payload, bytes) else payload(profile)
