"""The bench that a module under probe lies on: asks it, and puts back whatever was changed.

    bench = Bench(port, log, base=profile)
    with bench.scope():                      # all that is changed within is put back at its end
        reply = bench.command("AT+CMEE?")
        bench.undo("AT+CMEE=1", lambda: bench.command("AT+CMEE=1").ok)
        name = bench.own_name(0)             # a file that nobody has; deleted at the end

A setting is registered with `undo` before it is changed; what was registered is put back in reverse
order however the scope ends: Ctrl-C, an error, a module that went through a reset meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from quecsim.host.at_client import PortError
from quecsim.host.port import Port
from quecsim.probe.finding import Finding, NotMeasuredError
from quecsim.probe.log import Log
from quecsim.probe.reply import Piece, Reply, has_final, read_reply
from quecsim.probe.undo import Action, Undo, UndoList
from quecsim.probe.wire import Wire
from quecsim.profiles.schema import Profile

COMMAND_S = 5.0
FILE_COMMAND_S = 15.0  # making or deleting a file may have to erase flash first
GUARD_S = 1.2  # around +++: the longest guard time that the manuals ask for is 1 s
QUIET_S = 0.3
REOPEN_S = 30.0
_SETTLE_S = 10.0
_SYNC_S = 1.0
_SYNC_ATTEMPTS = 4
_RECOVER_ROUNDS = 8
_UNDO_ATTEMPTS = 3
_MOST_NAMES = 100


class Bench:
    """A module at the end of `port`. `base` is the shipped profile that is nearest to it, `found`
    what has been measured so far, by key.
    """

    def __init__(self, port: Port, log: Log | None = None, *, base: Profile) -> None:
        self.wire = Wire(port, log)
        self.base = base
        self.found: dict[str, Finding] = {}
        self.not_restored: list[str] = []
        """In words, what could not be put back."""
        self._undos = UndoList()
        self._names: dict[int, str] = {}
        self._has: dict[str, bool] = {}

    # bytes and time

    def now_ns(self) -> int:
        """The time, in ns since the bench was made."""
        return self.wire.now_ns()

    def write(self, data: bytes, *, drain: bool = False) -> int:
        """Hand `data` to the port; when, in ns. `drain`: and wait until it is on the line."""
        return self.wire.write(data, drain=drain)

    def read(self, seconds: float, until: bytes = b"") -> bytes:
        """What comes within `seconds`, or up to where `until` has come."""
        return b"".join(data for _, data in self.read_timed(seconds, until))

    def read_timed(self, seconds: float, until: bytes = b"") -> list[Piece]:
        """The same, in pieces with the times at which they came."""
        return self.wire.pieces(seconds, lambda raw: bool(until) and until in raw)

    def read_reply(self, command: str, seconds: float = COMMAND_S) -> Reply:
        """What comes up to a final result, for `seconds` at most, as the reply to `command`."""
        now_ns = self.now_ns()
        return read_reply(command, now_ns, self.wire.pieces(seconds, has_final))

    def command(self, text: str, seconds: float = COMMAND_S) -> Reply:
        """Send `text` and CR; what comes up to the final result, for `seconds` at most.

        What had come before is dropped.
        """
        self.wire.waiting()
        sent_ns = self.write(text.encode() + b"\r")
        return read_reply(text, sent_ns, self.wire.pieces(seconds, has_final))

    def pause(self, seconds: float) -> bytes:
        """Say nothing for so long; what the module says meanwhile."""
        return self.read(seconds)

    def settle(self, quiet_s: float = QUIET_S) -> bytes:
        """Wait until the module has been quiet for so long; what it said."""
        said = b""
        end_ns = self.now_ns() + round(_SETTLE_S * 1e9)
        while (piece := self.read(quiet_s)) and self.now_ns() < end_ns:
            said += piece
        return said + piece

    # the module

    def has(self, command: str) -> bool:
        """Whether the module knows `command` (`+QFUPL`): its test form is no error."""
        if command not in self._has:
            self._has[command] = self.command(f"AT{command}=?").ok
        return self._has[command]

    def require(self, *commands: str) -> None:
        """Raises NotMeasuredError where the module lacks one of `commands`."""
        for command in commands:
            if not self.has(command):
                raise NotMeasuredError(f"the module has no AT{command}")

    def value(self, key: str) -> object:
        """The value of a profile's key as measured, or else as the nearest profile has it."""
        finding = self.found.get(key)
        if finding is not None and finding.is_measured:
            return finding.value
        part, _, name = key.partition(".")
        return getattr(getattr(self.base, part), name)

    def own_name(self, number: int) -> str:
        """The name of a file of ours, without storage: nobody had one of that name before.

        It is deleted when the scope ends; the same number is the same name until then.
        """
        if number not in self._names:
            taken = self._listed()
            free = (f"QSIMPROBE{at:02}.TMP" for at in range(_MOST_NAMES))
            used = {*taken, *self._names.values()}
            name = next((each for each in free if each not in used), "")
            if not name:
                raise NotMeasuredError("all names that a probe would use are taken")
            self._names[number] = name
            self.undo(f"delete {name}", lambda: self._forget(number))
        return self._names[number]

    def delete_own(self, number: int) -> bool:
        """Delete the file of ours with this number, if it is there; whether it is gone."""
        name = self._names.get(number)
        if name is None:
            return True
        self.command(f'AT+QFDEL="{name}"', FILE_COMMAND_S)
        return name not in self._listed()

    def _forget(self, number: int) -> bool:
        is_gone = self.delete_own(number)
        if is_gone:
            self._names.pop(number, None)
        return is_gone

    def _listed(self) -> set[str]:
        """The names that the module lists, without storage."""
        lines = self.command("AT+QFLST", FILE_COMMAND_S).info("+QFLST:")
        return {line.split('"')[1].split(":")[-1] for line in lines if line.count('"') >= 2}

    # putting back

    def undo(self, words: str, action: Action) -> None:
        """Before something is changed: `action` puts it back (True: done), `words` name it."""
        self._undos.add(Undo(words, action))

    @contextmanager
    def scope(self) -> Iterator[None]:
        """What is registered within is put back at the end, however that comes."""
        count = len(self._undos)
        try:
            yield
        finally:
            self._undos.down_to(count, self._put_back)

    def _put_back(self, undo: Undo) -> None:
        for _ in range(_UNDO_ATTEMPTS):
            try:
                if undo.action():
                    return
                self.recover()
            except PortError:
                if not self.wire.reopen(REOPEN_S):
                    break
                self.recover()
        self.not_restored.append(undo.words)

    def sync(self, attempts: int = _SYNC_ATTEMPTS) -> bool:
        """Get an OK to AT, in a few attempts; whether that came about."""
        return any(self.command("AT", _SYNC_S).ok for _ in range(attempts))

    def recover(self) -> bool:
        """Back to the command line from wherever the module is; whether it answers AT."""
        for _ in range(_RECOVER_ROUNDS):
            self.settle()
            if self.sync(2):
                self.settle()
                return True
            self.pause(GUARD_S)
            self.write(b"+++")
            self.pause(GUARD_S)
        return False
