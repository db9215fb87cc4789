"""The simulated device of a profile, given what the host of a record said: in virtual time.

See `quecsim.likeness.moves` for when it is told what. Data of an upload that this device has
refused is not sent: it would be taken for commands, and one difference would become many.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

from quecsim.device.shared import Phase
from quecsim.likeness.beginning import Beginning
from quecsim.likeness.exchange import Cue, Reading
from quecsim.likeness.moves import BY_HANDLE, Move, Played, Step
from quecsim.observed.heard import Heard, Source
from quecsim.observed.observer import Observer
from quecsim.peers.served import Served
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import CommandLine, HostDtr, HostLine, Result
from quecsim.units import S, ms

_SOURCE = Source(words="the simulated device")
_MORE_NS = 60 * S  # a device may be so much slower than the module, where it only has to wait
_MOST_NS = 24 * 3600 * S
_SETTLE_NS = 600 * S
_HOP_NS, _LONG_HOP_NS = ms(5), ms(50)


@dataclass(frozen=True, slots=True)
class Followed:
    """What the simulated device said. `handles` are its numbers for open files, by those of the
    module. `lost_at` is the place in the host's stream from which on it was told nothing, because
    it stayed in data mode; -1: it was told everything. `unsent`: exchanges whose data it refused;
    `causes`: why it said no, as the device itself knows it (`quecsim.trace.event.Result`).
    """

    reading: Reading
    handles: dict[int, int]
    lost_at: int = -1
    unsent: frozenset[int] = frozenset()
    causes: dict[int, str] = field(default_factory=dict)


def follow(played: Played, profile: Profile, beginning: Beginning) -> Followed:
    """Say to the device of `profile` what the host has said."""
    return _Follower(played, profile, beginning).run()


class _Follower:
    def __init__(self, played: Played, profile: Profile, beginning: Beginning) -> None:
        self._played = played
        config = beginning.config(RigConfig(is_any_rate=True), profile)
        self._rig = Rig(profile, config, peer=Served({}))
        self._observer = Observer(_SOURCE, profile)
        self._reading = Reading(self._place)
        self._was = played.reading
        self._ends: list[int] = []  # of the moves, in the stream of this host
        self._keys: list[int] = []  # and in that of the record
        self._sent = 0
        self._handles: dict[int, int] = {}
        self._unsent: set[int] = set()
        self._causes: dict[int, str] = {}
        self._lines: dict[int, int] = {}  # the exchange of each command line of the device's
        self._last_cue: Cue | None = None
        self._moved_ns = 0
        self._now_ns = 0
        self._rig.start(0)
        self._prepare(beginning.lines(profile))

    def run(self) -> Followed:
        lost_at = -1
        for step in self._played.steps:
            anchor_ns = self._wait_for(step)
            if isinstance(step, Move) and self._is_astray(step):
                lost_at = step.offset
                break
            self._run_to(max(self._now_ns, anchor_ns + step.pause_ns))
            self._do(step)
        self._end()
        return Followed(
            self._reading, self._handles, lost_at, frozenset(self._unsent), self._causes
        )

    def _prepare(self, lines: list[bytes]) -> None:
        """The device as the module was when the record began."""
        for line in lines:
            self._rig.host_write(self._now_ns, line)
            self._run_until_quiet()
        self._prepared = sum(map(len, lines))
        self._rig.take_output()
        self._observer.start()
        self._moved_ns = self._now_ns

    # one step

    def _do(self, step: Step) -> None:
        self._moved_ns = self._now_ns
        if isinstance(step, Move):
            if step.of >= 0 and not self._wants(step.of):
                self._unsent.add(step.of)
                return
            self._say(step)
        elif isinstance(step.event, HostLine):
            self._rig.host_line(self._now_ns, 0, "", step.event.flow)
        elif isinstance(step.event, HostDtr):
            self._rig.host_dtr(self._now_ns, is_on=step.event.on)
        else:
            self._rig.host_rts(self._now_ns, is_on=step.event.on)

    def _say(self, move: Move) -> None:
        data = self._with_own_handle(move)
        self._sent += len(data)
        self._ends.append(self._sent)
        self._keys.append(move.end)
        self._rig.host_write(self._now_ns, data)
        self._tell("host", self._now_ns, data)

    def _wants(self, key: int) -> bool:
        """The device takes the data of that exchange, or may still do so."""
        return ("result", key, 0) not in self._reading.came

    def _is_astray(self, move: Move) -> bool:
        """The module took a command, and this device is still in data mode."""
        key = self._reading.open_transfer
        if move.of >= 0 or key < 0:
            return False
        was = self._was.exchanges.get(key)
        is_over = was is not None and was.result is not None and was.key < move.offset
        return is_over and ("result", key, 0) in self._cues_before(move)

    def _cues_before(self, move: Move) -> set[Cue]:
        """What the module had said when the host made that move."""
        if move.cue is None:
            return set()
        at_ns = self._was.came[move.cue]
        return {cue for cue, came_ns in self._was.came.items() if came_ns <= at_ns}

    # files that are open

    def _with_own_handle(self, move: Move) -> bytes:
        if move.of >= 0 or not (match := BY_HANDLE.match(move.data)):
            return move.data
        self._learn_handles()
        number = self._handles.get(int(match[2]))
        if number is None:
            return move.data
        return match[1] + str(number).encode() + move.data[match.end() :]

    def _learn_handles(self) -> None:
        for key, exchange in self._reading.exchanges.items():
            was = self._was.exchanges.get(key)
            if was is not None and "+QFOPEN" in was.names:
                numbers = was.handle, exchange.handle
                if numbers[0] >= 0 and numbers[1] >= 0:
                    self._handles[numbers[0]] = numbers[1]

    # time

    def _wait_for(self, step: Step) -> int:
        """Until what the step came after has come; when that was, at best."""
        cue = step.cue
        if cue is None or cue == self._last_cue:
            return self._moved_ns
        self._last_cue = cue
        cued_ns = self._moved_ns + step.waited_ns - step.pause_ns
        limit_ns = max(cued_ns, self._now_ns) + step.waited_ns + _MORE_NS
        while cue not in self._reading.came and (due_ns := self._rig.deadline_ns()) is not None:
            if due_ns > (_MOST_NS if self._is_at_work else limit_ns):
                break
            if self._is_at_rest and cue[0] not in ("urc", "start") and due_ns > cued_ns:
                break
            self._run_on(due_ns)
        came_ns = self._reading.came.get(cue)
        return max(self._moved_ns, came_ns if came_ns is not None else cued_ns)

    @property
    def _is_at_rest(self) -> bool:
        """It waits for a command, and will say nothing to those that it has had."""
        return self._rig.device.phase is Phase.COMMAND and self._rig.is_quiet

    @property
    def _is_at_work(self) -> bool:
        """It will end what it is at by itself, however long that takes."""
        return self._rig.device.phase not in (Phase.COMMAND, Phase.DEAF)

    def _run_on(self, due_ns: int) -> None:
        """Until the device has said something more, as far as nothing else is to be decided."""
        hop_ns = _LONG_HOP_NS if self._is_at_work else _HOP_NS
        self._hear(self._rig.run_to_output(max(due_ns, self._now_ns + hop_ns)))

    def _run_to(self, at_ns: int) -> None:
        """Let the device's time pass, and hear what it says."""
        self._rig.advance(at_ns)
        self._hear(at_ns)

    def _run_until_quiet(self) -> None:
        rig = self._rig
        rig.advance(self._now_ns)
        end_ns = self._now_ns + _SETTLE_NS
        while not rig.is_quiet and (due_ns := rig.deadline_ns()) is not None and due_ns < end_ns:
            rig.advance(due_ns)
            self._now_ns = due_ns
        self._now_ns += ms(100)
        rig.advance(self._now_ns)
        rig.take_events()

    def _end(self) -> None:
        """As long as the record goes on, and until the last line has its answer."""
        self._run_to(self._now_ns + self._played.after_ns)
        end_ns = self._now_ns + _MORE_NS
        while not self._is_at_rest and (due_ns := self._rig.deadline_ns()) is not None:
            if due_ns > (end_ns if not self._is_at_work else _MOST_NS):
                break
            self._run_on(due_ns)
        self._reading.feed(self._observer.end(self._now_ns))
        self._reading.end()

    # what is said

    def _hear(self, now_ns: int) -> None:
        self._now_ns = now_ns
        for event in self._rig.take_events():
            if isinstance(event, CommandLine):
                self._lines[event.number] = event.offset + event.count - self._prepared
            elif isinstance(event, Result) and event.cause:
                self._causes[self._place(self._lines[event.number])] = event.cause
        for run in self._rig.take_output():
            start = 0
            while start < len(run.data):
                end = run.data.find(b"\n", start) + 1 or len(run.data)
                self._tell("device", run.edge_ns(start), run.data[start:end])
                start = end

    def _tell(self, side: str, at_ns: int, data: bytes) -> None:
        heard = Heard(at_ns, "host" if side == "host" else "device", data)
        self._reading.feed(self._observer.hear(heard))

    def _place(self, offset: int) -> int:
        """A place in this host's stream, in that of the record."""
        at = bisect_left(self._ends, offset)
        return self._keys[at] - (self._ends[at] - offset)


def renumbered(data: bytes, handles: dict[int, int]) -> bytes:
    """The line of a host, with the module's number of an open file in place of this device's."""
    match = BY_HANDLE.match(data)
    own = {number: theirs for theirs, number in handles.items()}
    if match is None or int(match[2]) not in own:
        return data
    return match[1] + str(own[int(match[2])]).encode() + data[match.end() :]
