"""A capture as a record: opened, looked through once for what stands at its start, and told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from quecsim.captures.echo import with_commands
from quecsim.captures.file import CaptureFile
from quecsim.captures.formats import Format, format_of
from quecsim.captures.opened import Opened, Options, Tally, Told
from quecsim.captures.pair import opened_pair
from quecsim.captures.runs import in_order, joined
from quecsim.captures.spoken import Voice
from quecsim.captures.survey import Survey
from quecsim.errors import QuecsimError
from quecsim.observed.heard import Heard, Side, Source
from quecsim.observed.observer import observed
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from quecsim.trace.event import Event
from quecsim.trace.setup import Lack
from quecsim.units import S

_BITS = 10
_FEW_TEXT_PER_CENT = 70
_MANY_ERRORS_PER_CENT = 5
_LACK_OF_SIDE: dict[Side, Lack] = {"host": "host-bytes", "device": "device-bytes"}


@dataclass(slots=True)
class Found:
    """What came of reading all of it: `voices` by side; times in nanoseconds from its start;
    `others` counts what else had happened.
    """

    voices: dict[Side, Voice] = field(default_factory=lambda: {"host": Voice(), "device": Voice()})
    first_ns: int = -1
    last_ns: int = -1
    others: int = 0

    def hear(self, each: Told) -> None:
        """More of it."""
        self.first_ns = each.at_ns if self.first_ns < 0 else self.first_ns
        self.last_ns = each.at_ns
        if isinstance(each, Heard):
            self.voices[each.side].hear(each.at_ns, each.data)
        else:
            self.others += 1


class Import:
    """A capture that is ready: `format`, `source`, `profile` (`is_known`: the user or the device
    has said which), what the device calls itself, and `notes` of what was chosen.

    `record` makes the record; `found` and `tally` are complete behind its end.
    """

    def __init__(
        self, form: Format, opened: Opened, name: str, profile: Profile | None, usual: Profile
    ) -> None:
        self.format, self.notes = form, opened.notes
        self.tally, self.found = Tally(), Found()
        self._opened, self._is_echo_heard = opened, False
        survey = self._surveyed()
        if not any(voice.bytes for voice in survey.voices.values()):
            hint = f"it was read as {form.name}: {form.title}"
            raise QuecsimError("nobody says anything in this capture", where=name, hint=hint)
        missing = [lack for side, lack in _LACK_OF_SIDE.items() if not survey.voices[side].bytes]
        if missing == ["host-bytes"] and survey.voices["device"].commands:
            self._is_echo_heard = True
            self.notes = (*self.notes, "the host's commands are read off the device's echo")
            survey = self._surveyed()
        self.model = survey.watch.told
        known = _models().get(survey.watch.model)
        self.profile = profile or (load_profile(known) if known else usual)
        self.is_known = profile is not None or known is not None
        self.source = _source(opened, survey, missing, f"{name} ({form.name})")

    def _surveyed(self) -> Survey:
        survey = Survey(_models())
        survey.look(self._told(Tally()))
        return survey

    def record(self) -> Iterator[Event]:
        """All of it. Raises QuecsimError where the file cannot be read to its end."""
        yield from observed(self.source, self.profile, self.heard())

    def heard(self) -> Iterator[Told]:
        """What the record is made of: bytes that follow one another are one run."""
        baud = self.source.baud if self._opened.has_byte_times else 0
        byte_ns = _BITS * S // baud if baud else 0
        for each in joined(self._told(self.tally), byte_ns):
            self.found.hear(each)
            yield each

    def looks_wrong(self) -> bool:
        """As from a decoder with the wrong rate: nothing of AT in it, and hardly any text, or many
        bytes without a stop bit.
        """
        voices = self.found.voices.values()
        total, text = sum(voice.bytes for voice in voices), sum(voice.text for voice in voices)
        if any(voice.speaks_at for voice in voices) or not total:
            return False
        errors = self.tally.framing_errors + self.tally.parity_errors
        is_garbled = errors * 100 > total * _MANY_ERRORS_PER_CENT
        return is_garbled or text * 100 < total * _FEW_TEXT_PER_CENT

    def _told(self, tally: Tally) -> Iterator[Told]:
        told = in_order(self._opened.read(tally), is_clock=self._opened.is_clock, tally=tally)
        return with_commands(told) if self._is_echo_heard else told


def open_import(
    path: str | Path,
    format_name: str,
    options: Options,
    *,
    usual: Profile,
    profile: Profile | None = None,
) -> Import:
    """The capture at `path`, in the format of that name (`auto`: as it looks), of a module with
    the commands of `profile` (None: as it says itself, or else the `usual` one's).

    Raises QuecsimError: no such file, or none of that format.
    """
    file = CaptureFile(path)
    form = format_of(file, format_name)
    return Import(form, form.open(file, options), file.name, profile, usual)


def open_import_of_two(
    paths: Mapping[Side, str | Path],
    format_name: str,
    options: Options,
    *,
    usual: Profile,
    profile: Profile | None = None,
) -> Import:
    """The same of two captures on one clock, one for each side."""
    files = {side: CaptureFile(path) for side, path in paths.items()}
    forms = {side: format_of(file, format_name) for side, file in files.items()}
    opened = opened_pair(files, {side: form.open for side, form in forms.items()}, options)
    name = " and ".join(file.name for file in files.values())
    return Import(next(iter(forms.values())), opened, name, profile, usual)


def _source(opened: Opened, survey: Survey, missing: Sequence[Lack], words: str) -> Source:
    """What stands at the start of the record, as far as the first look has shown it; `missing` are
    sides that say nothing.
    """
    baud, frame = opened.baud, opened.frame
    if not baud and (opened.has_byte_times or survey.line is not None):
        baud, frame = survey.rate()
    lacks = list(dict.fromkeys((*opened.lacks, *missing)))
    if "line" in lacks:
        lacks.remove("line")
    if not baud:
        lacks.append("line")
    return Source(words=words, lacks=tuple(lacks), baud=baud, frame=frame, date=opened.date)


@cache
def _models() -> dict[str, str]:
    """What devices call themselves: the name of the profile of each."""
    names = {load_profile(name).identity.model: name for name in profile_names()}
    return {model.removeprefix("Quectel_"): name for model, name in names.items()}
