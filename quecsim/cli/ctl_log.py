"""`quecsim ctl log`: what is said and what happens on a running simulator, one line each."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli.ctl_client import asked
from quecsim.cli.dialogue_options import Chosen, columns, dialogue_options, take_chosen
from quecsim.cli.values import SinceType
from quecsim.cli.words import Command

if TYPE_CHECKING:
    from quecsim.live.control.client import ControlClient
    from quecsim.render.dialogue import DialogueText
    from quecsim.trace.event import Event

_BEFORE_EVENTS = 1000  # are looked at to know what the device is in the middle of


@click.command(cls=Command)
@click.option("-f", "--follow", is_flag=True, help="Go on with all that happens, until the end.")
@click.option("--since", type=SinceType(), default="start", show_default=True, metavar="WHEN",
              help="From when on: start, now, or the number of an event.")  # fmt: skip
@dialogue_options
def log(follow: bool, since: Any, **options: Any) -> int:
    """What is said and what happens: time, group, way, text, as `quecsim run --log` has it."""
    chosen = take_chosen(options)
    with asked() as client:
        for row in _rows(client, chosen, since, follow=follow):
            click.echo(row)
    return 0


def _rows(client: "ControlClient", chosen: Chosen, since: Any, *, follow: bool) -> Iterator[str]:
    """The rows from event `since` on."""
    from quecsim.live.control.client import SimulatorEndedError

    shown = since if isinstance(since, int) else 0 if since == "start" else client.next_number()
    begin = max(0, shown - _BEFORE_EVENTS)
    text = chosen.text(sys.stdout, since=shown)
    if begin:
        _learn_beginning(text)
        text.skip(begin - 1)
    try:
        for raw in client.events(since=begin, follow=follow):
            text.width = columns(sys.stdout)
            yield from _told(text, raw)
    except SimulatorEndedError:
        if not follow:  # a simulator that ends is what --follow waits for
            raise
    yield from text.end()


def _learn_beginning(text: "DialogueText") -> None:
    """The first event of the run, where it is still kept: it has the date and the ring's size."""
    with asked() as other:
        first = next(other.events(since=0))
    event = _event(first)
    if event is None:
        text.skip(1)
    else:
        text.feed([event])


def _told(text: "DialogueText", raw: bytes) -> list[str]:
    event = _event(raw)
    if event is not None:
        return text.feed([event])
    count = _missed(raw)
    text.skip(count)
    return [text.note(f"{count} EVENTS LEFT OUT: they are not kept any more")]


def _event(raw: bytes) -> "Event | None":
    """None: it says how many are not kept."""
    import msgspec

    from quecsim.trace.event import Event

    if raw.startswith(b'{"missed"'):
        return None
    event: Event = msgspec.json.decode(raw, type=Event)
    return event


def _missed(raw: bytes) -> int:
    import msgspec

    return msgspec.json.decode(raw, type=dict[str, int])["missed"]
