"""Which uploads wrote a file, as things stood when a connection needed it.

By label, so that `ca.pem`, `UFS:ca.pem` and `ufs:/ca.pem` are one file. An upload that the device
refused before it took data has changed nothing: the file is still that of the upload before it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from quecsim.flash.labels import MEMORY, label_of
from quecsim.report.track import Track
from quecsim.trace import event as ev

_MOST_NAMES = 1000
_MOST_WRITES = 64
_MOST_OTHERS = 3
_STEPS = {"opened": 1, "closed": -1}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file comes from: `tracks` are the upload, or the writes since it was opened.

    `refused` is an upload after these that the device did not take, `sha256` that of all the host
    sent, where every byte is known and arrived; `is_preloaded`: the scenario put the file there.
    `is_open`: by a handle of the host's. `others` are names of other files that were uploaded.
    """

    tracks: tuple[Track, ...] = ()
    refused: Track | None = None
    deleted_ns: int | None = None
    sha256: str = ""
    is_preloaded: bool = False
    is_memory: bool = False
    is_open: bool = False
    others: tuple[str, ...] = ()


class FileSources:
    """Fed with every upload that is over, and with what happens to files besides."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self._handles: Counter[str] = Counter()  # that are open, by label
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.Start: self._on_start,
            ev.FileChanged: self._on_file_changed,
            ev.Power: self._on_power,
        }

    def uploaded(self, track: Track) -> None:
        """An upload is over, however it ended."""
        if not track.is_named:
            return
        before = self._sources.get(track.name, Source())
        if track.start is None:
            self._put(track.name, replace(before, refused=track))
            return
        writes = before.tracks if track.write > 1 and before.deleted_ns is None else ()
        self._put(track.name, Source((*writes, track)[-_MOST_WRITES:]))

    def whole(self, name: str, sha256: str) -> None:
        """Every byte of the file `name` came, and this is their SHA-256."""
        if name in self._sources:
            self._put(name, replace(self._sources[name], sha256=sha256))

    def of(self, name: str) -> Source:
        """What is known now of the file that the host calls `name`."""
        label = label_of(name)
        found = self._sources.get(label, Source())
        others = tuple(
            other for other, source in self._sources.items() if other != label and source.tracks
        )
        is_memory, is_open = label.startswith(f"{MEMORY}:"), self._handles[label] > 0
        return replace(found, is_memory=is_memory, is_open=is_open, others=others[-_MOST_OTHERS:])

    def _put(self, label: str, source: Source) -> None:
        if label in self._sources or len(self._sources) < _MOST_NAMES:
            self._sources[label] = source

    def _on_start(self, event: ev.Start) -> None:
        contents = event.config.get("contents")
        for name in contents if isinstance(contents, dict) else ():
            self._put(label_of(str(name)), Source(is_preloaded=True))

    def _on_power(self, event: ev.Power) -> None:
        if event.state in ("off", "booting"):
            self._handles.clear()

    def _on_file_changed(self, event: ev.FileChanged) -> None:
        if event.handle >= 0 and (step := _STEPS.get(event.what)):
            self._handles[event.name] += step
            self._handles += Counter()  # only those that are open stay
        if event.what == "deleted" and event.name in self._sources:
            deleted = replace(self._sources[event.name], deleted_ns=event.at_ns, refused=None)
            self._put(event.name, deleted)
