"""A tiny device that upgrades itself by QFOTADL FILE, for the tests of the host."""

import re

from tests.host.peer import Peer

COMMAND = re.compile(r'AT\+QFOTADL="FILE:(\d+)"(?:,(\d+)(?:,(\d+)(?:,(\d+))?)?)?$')
OLD, NEW = "EC200TCNHAR02A01M16", "EC200TCNHAR02A02M16"
STEP_S = 2.0


class QfotadlPeer(Peer):
    """Takes any bytes for a package; `file_error` and `error` say how it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.idle_s = 30.0
        self.revision = OLD
        # what goes wrong
        self.file_start_s = 0.5
        self.early_bytes_count = True  # a byte before FILESTART belongs to the package
        self.error = 0
        self.checked_before_start = False
        self.silent_after = "never"  # after this message nothing more comes
        self.urc_prefix = ""  # what a bad line puts in front of each message
        self.says_ready = True
        self.boot_s = 5.0
        self.percent = False  # numbers of UPDATING, instead of ordinals
        # what happened
        self.package = bytearray()
        self.urcs: list[str] = []
        # the device's state
        self.size = self.mode_asked = self.download_urcs = self.update_urcs = 0
        self.boots_until_s = 0.0

    def obey(self, command: str) -> None:
        if self.now_s < self.boots_until_s:
            return
        if asked := COMMAND.match(command):
            self.begin(*(int(text) if text else None for text in asked.groups()))
        elif command == "ATI":
            self.say(f"Quectel\r\nEC200T\r\nRevision: {self.revision}")
            self.say("OK")
        else:
            super().obey(command)

    def begin(
        self, size: int | None, mode: int | None, downloads: int | None, updates: int | None
    ) -> None:
        self.size, self.mode_asked = size or 0, 1 if mode is None else mode
        self.download_urcs = downloads or 0
        self.update_urcs = 100 if updates is None else updates
        self.say("OK")
        self.mode = "starting"
        self.urc_in(self.file_start_s, "FILESTART")

    def urc_in(self, seconds: float, step: str, number: int | None = None) -> None:
        if self.silent_after in self.urcs:
            return
        self.urcs.append(step if number is None else f"{step},{number}")
        text = "" if number is None else f",{number}"
        self.say_in(seconds, f'{self.urc_prefix}+QIND: "FOTA","{step}"{text}')

    def pass_time(self, seconds: float) -> None:
        waiting = self.mode == "starting" and self.urcs == ["FILESTART"]
        super().pass_time(seconds)
        if waiting and not self.later:
            self.mode, self.last_byte_s = "data", self.now_s

    def take_otherwise(self, byte: int) -> None:
        if self.early_bytes_count:
            self.store(byte)

    def store(self, byte: int) -> None:
        self.package.append(byte)
        step = self.size // self.download_urcs if self.download_urcs else 0
        if step and len(self.package) % step == 0 and len(self.package) // step <= 100:
            self.urc_in(0, "DOWNLOADING", len(self.package) // step)
        if len(self.package) == self.size:
            self.upgrade()

    def time_out(self) -> None:
        self.mode = "command"
        self.urc_in(0, "FILEEND", 500)

    def upgrade(self) -> None:
        self.mode = "command"
        self.urc_in(0.5, "FILEEND", 0)
        at_s = 1.0
        if self.checked_before_start:
            self.urc_in(at_s, "END", self.error)
            return
        if self.mode_asked == 0:
            self.say_in(at_s, "RDY")  # of the reboot before the upgrade
            at_s += self.boot_s
        self.urc_in(at_s, "START")
        for nth in range(1, self.update_urcs + 1):
            at_s += STEP_S
            self.urc_in(at_s, "UPDATING", nth * 100 // self.update_urcs if self.percent else nth)
        at_s += STEP_S if self.update_urcs else 300.0
        self.urc_in(at_s, "END", self.error)
        if self.urcs[-1].startswith("END"):
            self.reboot(at_s)

    def reboot(self, at_s: float) -> None:
        self.boots_until_s = self.now_s + at_s + self.boot_s
        if self.error == 0:
            self.revision = NEW
        if self.says_ready:
            self.say_in(at_s + self.boot_s, f"{self.urc_prefix}RDY")
