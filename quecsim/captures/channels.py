"""Captures with named channels (analysers): which one is the host, which the device, and their
bytes in the order of their times.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import TypeAlias

from quecsim.captures.opened import Options, Piece, Tally, Told
from quecsim.captures.spoken import Voice
from quecsim.errors import QuecsimError
from quecsim.observed.heard import Heard, Side

Read: TypeAlias = Callable[[Tally], Iterator[Piece]]
"""All pieces from the start; those of one channel in the order of their times."""

_MOST_CHANNELS = 64
_SURE_LINES = 3
_SAME_PIECES = 256


@dataclass(slots=True)
class Channel:
    """One channel, as it was heard first: `first` are its first pieces, without their names."""

    name: str
    voice: Voice = field(default_factory=Voice)
    first: list[tuple[int, bytes]] = field(default_factory=list)
    last_ns: int = 0

    def told(self) -> str:
        """For people."""
        return f'"{self.name}": {self.voice.bytes} bytes, "{self.voice.shown()}"'


@dataclass(frozen=True, slots=True)
class Sides:
    """Which channel is whose; None: nobody heard that side. `is_ordered`: the pieces of both come
    in the order of their times. `notes` say what was chosen.
    """

    host: str | None
    device: str | None
    is_ordered: bool
    notes: tuple[str, ...] = ()


def sides_of(read: Read, options: Options, where: str) -> Sides:
    """Listens until it is clear. Raises QuecsimError where it is not."""
    channels, is_ordered = _listen(read)
    if not channels:
        raise QuecsimError("there is no byte in this capture", where=where, hint=(
            "export the table of an Async Serial or UART decoder, with its data"))  # fmt: skip
    if options.side is not None:
        return _all_of_one_side(channels, options.side, where)
    kept, notes = _without_twins(channels)
    if options.host_channel:
        host, device = _named(kept, options.host_channel, where)
    else:
        host, device = _guessed(kept, where)
    if options.swap:
        host, device = device, host
    notes += [f"{each.told()}: not used" for each in kept if each not in (host, device)]
    names = tuple(each.name if each is not None else None for each in (host, device))
    said = [
        f'{side}: "{name}"' for side, name in zip(("host", "device"), names, strict=True) if name
    ]
    return Sides(names[0], names[1], is_ordered, (", ".join(said), *notes))


def heard_of(read: Read, sides: Sides, tally: Tally) -> Iterator[Told]:
    """What both sides said, by time."""
    if sides.is_ordered or sides.host is None or sides.device is None:
        yield from _of_sides(read(tally), {sides.host: "host", sides.device: "device"})
        return
    # One channel stands behind the other in the file: each is read by itself.
    both = (
        _of_sides(read(Tally()), {sides.host: "host"}),
        _of_sides(read(tally), {sides.device: "device"}),
    )
    yield from heapq.merge(*both, key=attrgetter("at_ns"))


def reader(
    read: Read, options: Options, where: str
) -> tuple[Callable[[Tally], Iterator[Told]], Sides]:
    """What a format hands over: who speaks is decided, and all is ready to be heard."""
    sides = sides_of(read, options, where)
    return partial(heard_of, read, sides), sides


def _of_sides(pieces: Iterator[Piece], sides: dict[str | None, Side]) -> Iterator[Heard]:
    for at_ns, channel, data in pieces:
        if (side := sides.get(channel)) is not None:
            yield Heard(at_ns, side, data)


def _listen(read: Read) -> tuple[list[Channel], bool]:
    """Until a host and a device have both said enough, or to the end."""
    channels: dict[str, Channel] = {}
    is_ordered, last_ns = True, -(1 << 62)
    for at_ns, name, data in read(Tally()):
        channel = channels.get(name)
        if channel is None:
            if len(channels) == _MOST_CHANNELS:
                continue
            channel = channels[name] = Channel(name)
            # One begins before another is over only where they are mixed.
            is_ordered = is_ordered and at_ns >= last_ns
        channel.voice.hear(at_ns, data)
        if len(channel.first) < _SAME_PIECES:
            channel.first.append((at_ns, data))
        channel.last_ns = last_ns = at_ns
        if b"\n" in data and _is_clear([each.voice for each in channels.values()]):
            break
    return list(channels.values()), is_ordered


def _is_clear(voices: list[Voice]) -> bool:
    hosts = [voice for voice in voices if voice.is_host and voice.commands >= _SURE_LINES]
    devices = [voice for voice in voices if voice.is_device and voice.results >= _SURE_LINES]
    return bool(hosts and devices)


def _all_of_one_side(channels: list[Channel], side: Side, where: str) -> Sides:
    if len(channels) > 1:
        told = "\n  ".join(each.told() for each in channels)
        raise QuecsimError(
            f"the file of one side has {len(channels)} channels:\n  {told}",
            hint="give the file alone, with --host-channel NAME", where=where,
        )  # fmt: skip
    name = channels[0].name
    return Sides(name, None, True) if side == "host" else Sides(None, name, True)


def _without_twins(channels: list[Channel]) -> tuple[list[Channel], list[str]]:
    """Two decoders on one wire say the same at the same times: one is enough."""
    kept: list[Channel] = []
    notes = []
    for channel in channels:
        twin = next((each for each in kept if _is_twin(each, channel)), None)
        if twin is None:
            kept.append(channel)
        else:
            notes.append(f'"{channel.name}" says the same as "{twin.name}": it is left out')
    return kept, notes


def _is_twin(one: Channel, other: Channel) -> bool:
    count = min(len(one.first), len(other.first))
    if abs(len(one.first) - len(other.first)) > 1:
        return False
    return count > 0 and one.first[:count] == other.first[:count]


def _named(channels: list[Channel], name: str, where: str) -> tuple[Channel | None, Channel | None]:
    host = next((each for each in channels if each.name == name), None)
    if host is None:
        told = "\n  ".join(each.told() for each in channels)
        raise QuecsimError(
            f'there is no channel "{name}"', where=where, hint=f"there are\n  {told}"
        )
    others = [each for each in channels if each is not host]
    return host, _best_device(others)


def _best_device(channels: list[Channel]) -> Channel | None:
    if not channels:
        return None
    return max(channels, key=lambda each: (each.voice.results, each.voice.bytes))


def _guessed(channels: list[Channel], where: str) -> tuple[Channel | None, Channel | None]:
    if len(channels) == 1:
        only = channels[0]
        return (None, only) if only.voice.is_device else (only, None)
    hosts = [each for each in channels if each.voice.is_host]
    devices = [each for each in channels if each.voice.is_device]
    if hosts:
        host = max(hosts, key=lambda each: (each.voice.commands, -(each.voice.first_ns or 0)))
        return host, _best_device([each for each in channels if each is not host])
    if devices and len(channels) == 2:
        device = _best_device(devices)
        return next(each for each in channels if each is not device), device
    told = "\n  ".join(each.told() for each in channels)
    raise QuecsimError(
        f"no channel says AT, so it is not clear which is the host:\n  {told}",
        hint="say which with --host-channel NAME; if all of it is nonsense, the decoder's rate is"
        " wrong",
        where=where,
    )  # fmt: skip
