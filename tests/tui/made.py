"""Runs for the full screen to show, and what one sees of it as text."""

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any

from quecsim.flash.stall import AddedStall
from quecsim.render.dialogue import Dialogue, Group, Line, Way
from quecsim.rig import RigConfig
from quecsim.run.network_view import LinkState, NetworkState, PacketContext
from quecsim.trace.event import Event
from quecsim.tui.app import Answers, FullScreen
from quecsim.tui.model import Model
from quecsim.tui.rows import Row, plain
from quecsim.units import ms, s
from tests.report.story import PAYLOAD, Story, device, qfupl

NETWORK = NetworkState(
    at_ns=s(2),
    registration="home",
    clock="26/11/29,00:00:02+00",
    clock_s=0,
    contexts=(PacketContext(number=1, address="10.0.0.2", is_up=True, is_used=True),),
    links=(LinkState(number=1, owner="MQTT client 0", host="broker.example", port=8883,
                     is_open=True, tls_version="TLSv1.2", sent_bytes=39, received_bytes=9),),
)  # fmt: skip
FILES = {"UFS:ca.pem": 1000, "UFS:key.pem": 20}


def lossy_events() -> list[Event]:
    """What happens in it."""
    return lossy_story().events


def finished_events() -> list[Event]:
    """The same, and the end of the run."""
    story = lossy_story()
    story.rig.finish(story.now_ns)
    return [*story.events, *story.rig.take_events()]


def lossy_story() -> Story:
    """An upload of 1000 bytes that arrives, and one of 4000 of which a ring of 512 loses some: its
    end is still to come.
    """
    config = RigConfig(ifc=(2, 2), host_flow="none", stalls=(AddedStall(ms(90), at_byte=1500),))
    story = Story(device(ring_bytes=512, data_buffer_bytes=500), config)
    story.tell([(0, b"ATE0\r"), (ms(50), qfupl(1000)), (ms(50), PAYLOAD[:1000])], rest_ns=s(1))
    command = b'AT+QFUPL="UFS:key.pem",4000\r'
    return story.tell([(0, command), (ms(50), PAYLOAD[:3000])], rest_ns=ms(800))


class Played:
    """Events that were recorded before, and a desk that answers with what it was given."""

    def __init__(self, events: Iterable[Event | int], answer: Any = None) -> None:
        self.waiting = list(events)
        self.answer = answer if answer is not None else Answers(FILES, {}, NETWORK)
        self.trouble = ""
        self.has_ended = False
        self.is_closed = False
        self._due: list[tuple[Callable[[Any], None], Any]] = []

    def start(self) -> None: ...

    def take(self, most: int) -> list[Event | int]:
        taken, self.waiting = self.waiting[:most], self.waiting[most:]
        return taken

    def ask(self, what: Any, then: Callable[[Any], None]) -> None:
        is_repeated = getattr(what, "keywords", None) is not None
        self._due.append((then, self.answer if is_repeated else "/dev/pts/7"))

    def deliver(self) -> None:
        due, self._due = self._due, []
        for then, answer in due:
            then(answer)

    def close(self) -> None:
        self.is_closed = True


class Spoken(Dialogue):
    """A dialogue with words of its own, so that no screen changes where the real ones do."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = [
            Line(at_ns, group, way, text, way is Way.LOSS, number, "")
            for number, (at_ns, group, way, text) in enumerate(SAID)
        ]

    def feed(self, events: Iterable[Event]) -> list[Line]:
        lines, self._lines = (self._lines, []) if list(events) else ([], self._lines)
        return lines


SAID = (
    (ms(0), Group.RUN, Way.DEVICE, "the run begins: Quectel EC200U, seed 1, a ring of 512 bytes"),
    (ms(1240), Group.AT, Way.TO_DEVICE, 'AT+QFUPL="UFS:key.pem",4000'),
    (ms(1263), Group.AT, Way.TO_HOST, "CONNECT: data mode for key.pem, 4000 bytes"),
    (ms(1281), Group.DATA, Way.DEVICE, "500 bytes stored, 1500 of 4000 bytes of key.pem"),
    (ms(1281), Group.FLASH, Way.DEVICE, "busy 90.0 ms: a stall that was asked for, after 1500 "
     "bytes of the data; in the ring: 12 bytes"),
    (ms(1314), Group.FLOW, Way.TO_HOST, "the device tells the host to stop (RTS)"),
    (ms(1375), Group.LOST, Way.LOSS, "LOST 574 bytes, 2018..2591 of key.pem, from 1.325 to 1.375 "
     "s: the ring of 512 was full for 49.9 ms while the stall that was asked for at byte 1500 "
     'lasted; the bytes: "MNOPQRSTUVW"...'),
    (ms(1375), Group.FLOW, Way.TO_HOST, "the device tells the host to go on (RTS)"),
    (ms(1375), Group.DATA, Way.DEVICE, "500 bytes stored, 2000 of 4000 bytes of key.pem"),
)  # fmt: skip


def played(events: Iterable[Event | int]) -> FullScreen:
    source = Played(events)
    return FullScreen(source, source)


def spoken(events: Iterable[Event | int]) -> FullScreen:
    """The same with another dialogue."""
    source = Played(events)
    return FullScreen(source, source, Model(Spoken()))


def model_of(events: Iterable[Event | int]) -> Model:
    model = Model()
    model.follow(events)
    model.files, model.network = FILES, NETWORK
    return model


def texts(rows: Iterable[Row]) -> list[str]:
    return [plain(pieces).rstrip() for pieces in rows]


_RUN = re.compile(
    r'<text[^>]* x="([\d.]+)" y="[\d.]+"[^>]*clip-path="url\(#[^"]*-line-(\d+)\)">(.*?)</text>'
)
_CELL = 12.2  # Textual draws its picture with cells so wide


def seen(app: FullScreen) -> str:
    """What one sees, from the picture that Textual exports."""
    width, height = app.size
    cells = [[" "] * width for _ in range(height)]
    for left, number, text in _RUN.findall(app.export_screenshot()):
        for place, one in enumerate(
            unescape(text).replace("\xa0", " "), round(float(left) / _CELL)
        ):
            if place < width:
                cells[int(number)][place] = one
    return "\n".join("".join(line).rstrip() for line in cells)
