"""The uploads of a run: which transfer a byte, a loss or an answer belongs to, and what came of it.

Transfers are told apart by their numbers; bytes by where they lie in the host's stream, behind the
command line that asked for the transfer, or behind the data of the one before on the same line.
"""

from collections import deque
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from quecsim.report.advice.content import Contents
from quecsim.report.advice.hint import Hint
from quecsim.report.advice.stream import HostStream
from quecsim.report.advice.uploads import SPOILS, as_advice, explained, with_cause
from quecsim.report.file_sources import FileSources
from quecsim.report.files import FileStates, is_there
from quecsim.report.losses import LossList
from quecsim.report.model import Advice, Upload, Verdict
from quecsim.report.places import BytePlaces
from quecsim.report.strays import Strays
from quecsim.report.totals import ByteTotals, HeldTime
from quecsim.report.track import Track
from quecsim.report.upgrade import UpgradeWatch
from quecsim.trace import event as ev
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.kinds import PACKAGE_UPLOAD, UPLOADS, WRITE_BY_HANDLE

MOST_UPLOADS = 1000
_MOST_RECENT = 8
_MOST_NOISES = 1000
_EARLY = EatenWhy.EARLY


class Uploads:
    """Feed it the events of a run by its `handlers`."""

    def __init__(
        self,
        totals: ByteTotals,
        held: HeldTime,
        places: BytePlaces,
        stream: HostStream,
        sources: FileSources,
    ) -> None:
        self.outside = LossList()
        self.upgrade = UpgradeWatch()
        self._count = 0
        self._totals = totals
        self._held = held
        self._places = places
        self._stream = stream
        self._sources = sources
        self._contents = Contents()
        self._written: dict[str, bytes] = {}  # by handle, into files that are open
        self._listed: deque[Track] = deque(maxlen=MOST_UPLOADS)
        self._open: dict[int, Track] = {}  # asked for and not answered, by transfer
        self._recent: deque[Track] = deque(maxlen=_MOST_RECENT)
        self._claim = 0  # from here on bytes may belong to the next transfer
        self._noise: deque[ev.Noise] = deque(maxlen=_MOST_NOISES)  # behind `_claim`
        self._line = ""
        self._writes: dict[str, int] = {}  # into files that are open, by name
        self._strays: Strays | None = None
        self._files = FileStates()
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.CommandLine: self._on_command_line,
            ev.Called: self._on_called,
            ev.Result: self._on_result,
            ev.FileChanged: self._on_file_changed,
            ev.TransferAsked: self._on_asked,
            ev.DataBegin: self._on_data_begin,
            ev.Stored: self._on_stored,
            ev.Ack: self._on_ack,
            ev.Swallowed: self._on_swallowed,
            ev.DataEnd: self._on_data_end,
            ev.TransferEnd: self._on_transfer_end,
            ev.UpgradeStep: self._on_upgrade,
            ev.Power: self._on_power,
            ev.Lost: self._on_lost,
            ev.Unseen: self._on_unseen,
            ev.Eaten: self._on_eaten,
            ev.Noise: self._on_noise,
            ev.RingLevel: self._on_ring_level,
        }

    @property
    def fell_short(self) -> bool:
        """The last upload of some file did not bring it, or is not over."""
        return bool(self._open) or self._files.fell_short

    @property
    def has_any(self) -> bool:
        """There was one."""
        return bool(self._count)

    @property
    def unlisted(self) -> int:
        """How many older ones are not listed."""
        return self._count - len(self._listed)

    def listed(self, *, is_ended: bool = True) -> list[Upload]:
        """The newest of them, those that wait for CONNECT among them.

        `is_ended`: the host sends no more, so that what is missing is missing.
        """
        waiting = [track for track in self._open.values() if track.start is None]
        return [self.told(track, is_ended=is_ended) for track in (*self._listed, *waiting)]

    def told(self, track: Track, *, is_ended: bool = True) -> Upload:
        """The entry of one of them, with its cause."""
        upload = self._upload(track)
        return with_cause(upload, self._hint(track, upload, is_ended=is_ended))

    def advice(self, *, is_ended: bool) -> list[Advice]:
        """What to do about uploads that did not go well, and about what is in the files."""
        found: list[Advice] = []
        for track in self._listed:
            upload = self._upload(track)
            hint = self._hint(track, upload, is_ended=is_ended)
            if hint is not None:
                found.append(as_advice(upload, hint))
            if is_there(upload) and not (hint is not None and hint.kind in SPOILS):
                found += track.advice
        return found + list(self._contents.pairs())

    def owner(self, offset: int) -> Track | None:
        """The upload that byte `offset` of the stream was sent to."""
        return next((track for track in reversed(self._recent) if track.owns(offset)), None)

    # the life of an upload

    def _on_command_line(self, event: ev.CommandLine) -> None:
        self._line = event.text
        self._begin_claim(event.offset + event.count)
        if self._strays is not None:
            self._strays.line(event)
            self._drop_strays()

    def _on_called(self, event: ev.Called) -> None:
        if self._strays is not None:
            self._strays.called(event)
            self._drop_strays()

    def _on_asked(self, event: ev.TransferAsked) -> None:
        if event.way != "in" or event.command not in UPLOADS:
            return
        track = Track(
            event.transfer,
            self._claim,
            event.at_ns,
            event.command,
            event.name,
            event.size,
            self._line,
            restarts_first=event.upgrade == "after a restart",
            is_behind_loss=any(
                each.line is self._line and each.losses.count for each in self._recent
            ),
        )
        for lost in self.outside.take_from(self._claim):
            track.losses.add(lost)
        for noise in self._noise:
            track.disturb(noise)
        self._end_strays()
        self._open[event.transfer] = track
        self._recent.append(track)

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        track = self._open.get(event.transfer)
        if track is None:
            return
        track.connect(event, self._held.at(event.at_ns))
        if track.command == WRITE_BY_HANDLE:
            track.write = self._writes[event.name] = self._writes.get(event.name, 0) + 1
        self._list(track)

    def _on_data_end(self, event: ev.DataEnd) -> None:
        track = self._open.get(event.transfer)
        if track is None or not track.is_receiving:
            return
        sent = self._totals.sent
        for lost in track.disconnect(event, self._held.at(event.at_ns), sent):
            self.outside.add(lost)
        self._begin_claim(event.offset)

    def _on_transfer_end(self, event: ev.TransferEnd) -> None:
        track = self._open.pop(event.transfer, None)
        if track is None:
            return
        if track.start is None:
            for lost in track.losses.take_from(0):
                self.outside.add(lost)
            if event.result == "OK":  # it wanted no data
                return
            self._list(track)
        elif track.command == PACKAGE_UPLOAD and event.result == "OK":
            self.upgrade.stored(track)
        track.finish(event)
        self._judge(track)
        self._sources.uploaded(track)
        self._look(track)
        if event.result:  # what the host sends from here on is astray
            self._strays = Strays(track)

    def _on_upgrade(self, event: ev.UpgradeStep) -> None:
        """An upgrade that fails fails the upload of its package."""
        changed = self.upgrade.step(event, self._totals.sent)
        if changed is None:
            return
        if changed.is_unlisted:
            changed.is_unlisted = False
            self._list(changed)
        self._judge(changed)

    def _on_power(self, event: ev.Power) -> None:
        self._end_strays()
        if event.state == "off" or event.why == "reset":
            self._writes.clear()
            self._written.clear()
        if changed := self.upgrade.power(event):
            self._judge(changed)

    def _on_file_changed(self, event: ev.FileChanged) -> None:
        self._writes.pop(event.name, None)
        data = self._written.pop(event.name, b"")
        if event.what == "closed":
            self._look_into(event.name, data, event.at_ns, None)
        elif event.what == "deleted":
            self._contents.forget(event.name)
        if event.what != "closed":
            self._files.renew(event.name)

    def _list(self, track: Track) -> None:
        self._listed.append(track)
        self._count += 1

    def _judge(self, track: Track) -> None:
        self._files.finish(self._upload(track), is_named=track.is_named)

    def _upload(self, track: Track) -> Upload:
        return track.upload(self._totals.sent, self._held.at(self._totals.now_ns))

    # what its bytes say

    def _hint(self, track: Track, upload: Upload, *, is_ended: bool) -> Hint | None:
        """Why it did not go well, if its bytes tell."""
        if track.is_behind_loss or upload.is_unheard:
            return None
        if track.is_explained:
            return track.cause_hint
        if upload.verdict is Verdict.WAITING and not is_ended and not upload.lost:
            return None  # more may come; but what is lost stays lost
        return explained(upload, track, self._stream)

    def _end_strays(self) -> None:
        """Whatever comes now is not of the upload before: what is known of that stays."""
        if self._strays is not None:
            track = self._strays.track
            track.cause_hint = explained(self._upload(track), track, self._stream)
            track.is_explained = True
        self._strays = None

    def _look(self, track: Track) -> None:
        """The upload is over: is what it brought what it is called?"""
        upload = self._upload(track)
        data = self._stream.part(upload.start, upload.end)
        is_whole = is_there(upload) and data is not None and len(data) == upload.size
        if track.command != WRITE_BY_HANDLE:
            if is_whole and track.command != PACKAGE_UPLOAD:
                self._look_into(track.name, data or b"", upload.begin_ns, upload.start)
            return
        before = self._written.get(track.name, b"")
        if is_whole and len(before) + upload.size == upload.file_bytes:
            self._written[track.name] = before + (data or b"")

    def _look_into(self, name: str, data: bytes, at_ns: int, offset: int | None) -> None:
        """The file `name` is whole."""
        tracks = [track for track in self._listed if track.name == name]
        if not data or not tracks:
            return
        for track in tracks:
            track.advice.clear()
        tracks[-1].advice += self._contents.look(name, data, at_ns, offset)
        if not self._stream.has_hidden:
            self._sources.whole(name, sha256(data).hexdigest())

    # its bytes

    def _begin_claim(self, offset: int) -> None:
        self._claim = offset
        self._noise = deque(
            (noise for noise in self._noise if noise.offset >= offset), _MOST_NOISES
        )

    def _receiving(self, transfer: int) -> Track | None:
        """The transfer, or the one that takes data where the record does not say which."""
        if transfer in self._open:
            return self._open[transfer]
        return next((track for track in self._open.values() if track.is_receiving), None)

    def _on_stored(self, event: ev.Stored) -> None:
        if (track := self._receiving(event.transfer)) is not None:
            track.stored += event.count

    def _on_ack(self, event: ev.Ack) -> None:
        if event.transfer in self._open:
            self._open[event.transfer].acked(event.received)

    def _on_swallowed(self, event: ev.Swallowed) -> None:
        track = self._open.get(event.transfer)
        if track is not None and track.is_receiving:
            track.swallow(event)

    def _on_lost(self, event: ev.Lost) -> None:
        owner = self.owner(event.offset)
        (self.outside if owner is None else owner.losses).add(event)

    def _on_unseen(self, event: ev.Unseen) -> None:
        if event.transfer in self._open:
            self._open[event.transfer].note_unseen(event)

    def _on_noise(self, event: ev.Noise) -> None:
        owner = self.owner(event.offset)
        if owner is not None:
            owner.disturb(event)
        elif event.offset >= self._claim:
            self._noise.append(event)

    def _on_eaten(self, event: ev.Eaten) -> None:
        if self._strays is not None:
            self._strays.eaten(event)
            track = self._strays.track
            track.taken.eaten(event)
            if track.taken.lines:  # one of them may turn out to have been a command
                self._judge(track)
        owner = self.owner(event.offset)
        if owner is None:
            if event.offset == self._claim:
                self._claim += event.count
        elif event.why == _EARLY:
            owner.thrown_away += event.count
        elif owner.is_receiving:
            owner.eaten += event.count
        elif event.offset == owner.claim:
            owner.claim += event.count

    def _on_ring_level(self, event: ev.RingLevel) -> None:
        for track in self._open.values():
            track.ring_peak_bytes = max(track.ring_peak_bytes, event.level)

    def _on_result(self, event: ev.Result) -> None:
        if self._strays is None:
            return
        data = self._strays.result(event)
        if data is not None:
            line, count = data
            self._places.add(line.at_ns, line.offset, count, EatenWhy.NO_COMMAND)
        self._drop_strays()

    def _drop_strays(self) -> None:
        if self._strays is not None and self._strays.is_over:
            self._end_strays()
