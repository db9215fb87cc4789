"""The bench that a module under probe lies on: asks it, and puts back whatever was changed.

    bench = Bench(port, log, base=profile)
    with bench.scope():                      # all that is changed within is put back at its end
        reply = bench.command("AT+CMEE?")
        bench.undo("AT+CMEE=1", lambda: bench.command("AT+CMEE=1").ok)
        name = bench.own_name(0)             # a file that nobody has; deleted at the end

A setting is registered with `undo` before it is changed; what was registered is put back in reverse
order however the scope ends: Ctrl-C, an error, a module that went through a reset meanwhile.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from quecsim.host.at_client import PortError
from quecsim.host.port import Port
from quecsim.probe.finding import Finding, ModuleRestartedError, NotMeasuredError, SilentError
from quecsim.probe.log import Log
from quecsim.probe.model import Model
from quecsim.probe.reply import Piece, Reply, has_final, read_reply, whole_lines
from quecsim.probe.undo import Action, Undo, UndoList
from quecsim.probe.wire import NS_PER_S, Wire
from quecsim.profiles.schema import Profile

COMMAND_S = 5.0
FILE_COMMAND_S = 15.0  # making or deleting a file may have to erase flash first
GUARD_S = 1.2  # around +++: the longest guard time that the manuals ask for is 1 s
QUIET_S = 0.3
REOPEN_S = 30.0
ASK_S = 1.0
AFTER_DATA_S = 0.3
NO_COMMAND = "AT+QSIMPROBE?"
_HAS_S = 3.0
_SETTLE_S = 10.0
_SYNC_ATTEMPTS = 4
_UNDO_ATTEMPTS = 3
_MOST_NAMES = 1000
_STARTS_S = (10.0, 20.0)  # how long a module may take to start
_FIRST_WORDS = frozenset(("RDY", "APP RDY", "ready"))


class Bench:
    """A module at the end of `port`. `base` is the shipped profile that is nearest to it, `found`
    what has been measured so far, by key. `allows_restart`: the user has allowed to restart it.
    """

    def __init__(
        self, port: Port, log: Log | None = None, *, base: Profile, allows_restart: bool = False
    ) -> None:
        self.wire = Wire(port, log)
        self.base = base
        self.allows_restart = allows_restart
        self.found: dict[str, Finding] = {}
        self.notes: list[str] = []
        """What the profile's reader should know, and the profile has no key for."""
        self.numbers: dict[str, int | None] = {}
        """The number of each cause of an error that was provoked; None: a plain ERROR."""
        self.words: dict[int, str] = {}
        """What AT+CMEE=2 said in place of a number; the number itself where it stayed one."""
        self.not_restored: list[str] = []
        """In words, what could not be put back."""
        self.data_s = 0.0
        """The time-out of the data mode that the module may be in: so long it may take it to leave
        that by itself."""
        self.was_in_data = False
        """Whether what was said last were data, in or out."""
        self.after_data_s = AFTER_DATA_S
        """So long it may take the module after data until it reads commands again."""
        self.has_restarted = False
        self.on_restart: Callable[[], None] = lambda: None
        """What is set anew for the probe when the module has gone through a reset."""
        self.on_stop: Callable[[], None] = lambda: None
        """What is told when it is ended early, before things are put back."""
        self._undos = UndoList()
        self._names: dict[int, str] = {}
        self._has: dict[str, bool] = {}
        self._refusal: str | None = None
        self._is_behind = False
        self._is_gone = False
        self._takes_restart = False

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
        return self._pieces(seconds, lambda raw: bool(until) and until in raw)

    def read_reply(self, command: str, seconds: float = COMMAND_S) -> Reply:
        """What comes up to a final result, for `seconds` at most, as the reply to `command`."""
        now_ns = self.now_ns()
        return read_reply(command, now_ns, self._pieces(seconds, has_final))

    def command(self, text: str, seconds: float = COMMAND_S) -> Reply:
        """Send `text` and CR; what comes up to the final result, for `seconds` at most.

        What had come before is dropped. Where the last command got no answer, that is waited for
        first, so that it is not taken for this one's. Raises SilentError where the module does not
        answer to AT any more.
        """
        if self._is_behind:
            self._catch_up()
        if self.was_in_data:
            self.pause(self.after_data_s)
        reply = self._ask(text, seconds)
        self._is_behind = not reply.final
        self.was_in_data = reply.connected
        return reply

    def pause(self, seconds: float) -> bytes:
        """Say nothing for so long; what the module says meanwhile."""
        return self.read(seconds)

    def settle(self, quiet_s: float = QUIET_S) -> bytes:
        """Wait until the module has been quiet for so long; what it said."""
        said = b""
        end_ns = self.now_ns() + round(_SETTLE_S * NS_PER_S)
        while (piece := self.read(quiet_s)) and self.now_ns() < end_ns:
            said += piece
        return said + piece

    def _ask(self, text: str, seconds: float) -> Reply:
        self.wire.waiting()
        sent_ns = self.write(text.encode() + b"\r")
        return read_reply(text, sent_ns, self._pieces(seconds, has_final))

    def _pieces(self, seconds: float, enough: Callable[[bytes], bool]) -> list[Piece]:
        """Raises ModuleRestartedError where the module says its first word meanwhile."""
        pieces = self.wire.pieces(seconds, enough)
        if not self._takes_restart and self._is_start(b"".join(data for _, data in pieces)):
            self.has_restarted = True
            raise ModuleRestartedError("the module restarted in the middle of it")
        return pieces

    def _is_start(self, raw: bytes) -> bool:
        """Whether the module's first word after its start is in what it said."""
        own = {urc.text for urc in self.base.boot.urcs[:1]}
        return not (_FIRST_WORDS | own).isdisjoint(whole_lines(raw))

    def _catch_up(self) -> None:
        self.settle()
        self._is_behind = False
        if not (self.sync(2) or self.recover()):
            raise SilentError("the module does not answer any more")

    # the module

    def has(self, command: str) -> bool:
        """Whether the module knows `command` (`+QFUPL`): its test form is no error.

        Where it takes commands that no module has, the nearest profile must have it, too.
        """
        if command not in self._has:
            is_ok = self.command(f"AT{command}=?", _HAS_S).ok
            is_known = self.refusal != "OK" or command in Model(self.base).commands
            self._has[command] = is_ok and is_known
        return self._has[command]

    @property
    def refusal(self) -> str:
        """The final result of a command that no module has; `""` where it says nothing."""
        if self._refusal is None:
            self._refusal = self.command(NO_COMMAND, _HAS_S).final
        return self._refusal

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

    # its files

    def own_name(self, number: int, tail: str = "") -> str:
        """The name of a file of ours, without storage: nobody had one of that name before.

        It is deleted when the scope ends; the same number is the same name until then. `tail` makes
        it longer.
        """
        if number not in self._names:
            taken = self.listed()
            free = (f"QSIMPROBE{at:03}.TMP{tail}" for at in range(_MOST_NAMES))
            used = {*taken, *self._names.values()}
            self._names[number] = next(each for each in free if each not in used)
            self.undo(f"delete {self._names[number]}", lambda: self._forget(number))
        return self._names[number]

    def delete_own(self, number: int) -> bool:
        """Delete the file of ours with this number, if it is there; whether it is gone.

        Handles that are open for it are closed first.
        """
        name = self._names.get(number)
        if name is None:
            return True
        for handle in self.open_handles(name):
            self.command(f"AT+QFCLOSE={handle}", FILE_COMMAND_S)
        if self.command(f'AT+QFDEL="{name}"', FILE_COMMAND_S).ok:
            return True
        lines = self.command(f'AT+QFLST="{name}"', FILE_COMMAND_S).info("+QFLST:")
        return not any(name in line for line in lines)

    def open_handles(self, name: str = "") -> list[str]:
        """The handles that are open, or only those for the file of that name."""
        handles = []
        for line in self.command("AT+QFOPEN?", FILE_COMMAND_S).info("+QFOPEN:"):
            _, quote, rest = line.partition('"')
            opened, closing, numbers = rest.partition('"')
            if quote and closing and (not name or opened.split(":")[-1] == name):
                handles.append(numbers.strip(",").split(",")[0].strip())
        return [handle for handle in handles if handle.isdecimal()]

    def listed(self) -> list[str]:
        """The names that the module lists, in its order, without storage.

        Raises NotMeasuredError where it lists none: what is ours is not known then.
        """
        for text in ("AT+QFLST", 'AT+QFLST="*"'):
            reply = self.command(text, FILE_COMMAND_S)
            if reply.ok:
                lines = [line for line in reply.info("+QFLST:") if line.count('"') >= 2]
                return [line.split('"')[1].split(":")[-1] for line in lines]
        makers = ("+QFUPL", "+QFOPEN")
        if self.has("+QFLST") or not any(self.has(name) for name in makers):
            return []  # none, or a module that has no files
        raise NotMeasuredError("the module does not list its files with AT+QFLST")

    def _forget(self, number: int) -> bool:
        is_gone = self.delete_own(number)
        if is_gone:
            self._names.pop(number, None)
        return is_gone

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
            self._undos.down_to(count, self._put_back)
        except BaseException as error:
            if not isinstance(error, Exception):
                self._stop()
            self._undos.down_to(count, self._put_back, before=self._collect_itself)
            raise

    def give_up(self) -> None:
        """What has not been put back by now never is."""
        self.not_restored += self._undos.words()

    def _stop(self) -> None:
        on_stop, self.on_stop = self.on_stop, lambda: None
        on_stop()

    @contextmanager
    def restarting(self) -> Iterator[None]:
        """Within, the module may restart: that is what is looked at."""
        self._takes_restart = True
        try:
            yield
        finally:
            self._takes_restart = False
            self.has_restarted = True

    def sync(self, attempts: int = _SYNC_ATTEMPTS) -> bool:
        """Get an OK to AT, in a few attempts; whether that came about."""
        return any(self._ask("AT", ASK_S).ok for _ in range(attempts))

    def recover(self) -> bool:
        """Back to the command line from wherever the module is; whether it answers AT.

        It may be in data mode, which it leaves by +++ or after its time-out; or it is starting.
        """
        before, self._takes_restart = self._takes_restart, True
        try:
            is_there = any(self._has_come(way) for way in self._ways_back())
        finally:
            self._takes_restart = before
        self._is_behind = False
        if is_there:
            self.data_s = 0.0
            self._set_anew()
        return is_there

    def _ways_back(self) -> Iterator[Callable[[], object]]:
        yield self.settle
        yield self._escape
        yield lambda: self.pause(self.data_s + 1.5)
        for seconds in _STARTS_S:
            yield lambda seconds=seconds: self.pause(seconds)  # type: ignore[misc]

    def _has_come(self, way: Callable[[], object]) -> bool:
        way()
        if not self.sync(2):
            return False
        self.settle()
        return True

    def _escape(self) -> None:
        self.pause(GUARD_S)
        self.write(b"+++")
        self.pause(GUARD_S)

    def _set_anew(self) -> None:
        if self.has_restarted:
            self.has_restarted = False
            self.on_restart()

    def _collect_itself(self) -> None:
        """Something went wrong: what the module is at is not known."""
        self._revive()

    def _revive(self) -> bool:
        """The port there again, and the module at its command line; whether that came about."""
        if self._is_gone:
            return False
        try:
            if self.wire.is_there() or self.wire.reopen(REOPEN_S):
                return self.recover()
        except PortError:
            pass
        self._is_gone = True
        return False

    def _put_back(self, undo: Undo) -> None:
        for _ in range(_UNDO_ATTEMPTS):
            try:
                if not self._is_gone and undo.action():
                    return
            except (NotMeasuredError, PortError):
                pass
            if not self._revive():
                break
        self.not_restored.append(undo.words)
