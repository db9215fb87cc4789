"""The full screen: what one sees at several sizes, and what the keys do to a real simulator.

QUECSIM_WRITE_SCREENS=1 writes the screens anew: look at them before they are kept.
"""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

import quecsim
from quecsim.api import OpenDevice
from quecsim.errors import QuecsimError
from quecsim.render.dialogue import Group
from quecsim.trace import event as ev
from quecsim.tui.app import FullScreen, Outcome, open_screen
from quecsim.tui.dialogs import Filter, Help
from quecsim.tui.dialogue_view import ALL
from quecsim.tui.model import Model
from tests.live.control.bench import runtime_folder
from tests.tui.made import Played, finished_events, lossy_events, played, seen, spoken

SCREENS = Path(__file__).with_name("screens")
EVENTS = lossy_events()
Act = Callable[[FullScreen, Pilot[Outcome]], Awaitable[None]]

pytestmark = pytest.mark.pty


@pytest.fixture(autouse=True)
def runtime() -> Iterator[Path]:
    with runtime_folder() as folder:
        yield folder


def show(app: FullScreen, act: Act, size: tuple[int, int] = (80, 24)) -> Outcome | None:
    """Let a user act on it; returns what came of it."""

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await look(app, pilot)
            await look(app, pilot)  # and now the answers have come
            await act(app, pilot)

    asyncio.run(run())
    return app.return_value


async def look(app: FullScreen, pilot: Pilot[Outcome]) -> None:
    app.look()
    await pilot.pause()


async def until(app: FullScreen, pilot: Pilot[Outcome], is_so: Callable[[Model], Any]) -> None:
    """Look until it is so; a run that hangs is ended by its bound."""
    for _ in range(6000):
        if is_so(app.model):
            return
        await pilot.pause(0.01)
    raise AssertionError(f"it never came:\n{seen(app)}")


def same_as_kept(name: str, text: str) -> None:
    kept = SCREENS / f"{name}.txt"
    if os.environ.get("QUECSIM_WRITE_SCREENS"):
        kept.write_text(text + "\n", encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8").removesuffix("\n")


# what one sees


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12), (20, 10)])
def test_all_of_it(size: tuple[int, int]) -> None:
    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        same_as_kept("{}x{}".format(*size), seen(app))

    show(spoken(EVENTS), act, size)


def test_the_document_shows_it_as_it_is() -> None:
    document = Path(__file__).parents[2] / "docs" / "TUI.md"
    text = document.read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```text\n( !! .*?)^```\n", text, re.DOTALL | re.MULTILINE)
    kept = (SCREENS / "80x24.txt").read_text(encoding="utf-8")
    if os.environ.get("QUECSIM_WRITE_SCREENS"):
        document.write_text(text.replace(shown, kept), encoding="utf-8")
    assert kept in document.read_text(encoding="utf-8")


@pytest.mark.parametrize("keys", ["tab,tab", "shift+tab", "f", "question_mark"])
def test_what_keys_bring(keys: str) -> None:
    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        await pilot.press(*keys.split(","))
        await look(app, pilot)
        same_as_kept(keys.replace(",", "-"), seen(app))

    show(spoken(EVENTS), act)


def test_panels_one_after_the_other_and_all_again() -> None:
    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        names = []
        for _ in range(8):
            await pilot.press("tab")
            names.append(app.shown)
        assert names == ["dialogue", "ring", "flow", "flash", "files", "network", "counters", "all"]
        await pilot.press("tab", "escape")
        assert app.shown == "all"

    show(played(EVENTS), act)


def test_another_size() -> None:
    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        whole = seen(app)
        await pilot.resize_terminal(40, 12)
        await look(app, pilot)
        same_as_kept("40x12", seen(app))
        await pilot.press("tab")
        assert "Receive ring" in seen(app)
        for size in ((20, 6), (10, 4), (3, 2), (200, 60)):
            await pilot.resize_terminal(*size)
            await look(app, pilot)
        await pilot.resize_terminal(80, 24)
        await pilot.press("escape")
        await look(app, pilot)
        assert seen(app) == whole

    show(spoken(EVENTS), act)


def test_the_picture_stands_still_and_nothing_is_missed() -> None:
    source = Played(EVENTS)

    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        await pilot.press("space")
        await look(app, pilot)
        assert "PAUSED" in seen(app)
        before = seen(app)
        source.waiting = [
            ev.CommandLine(10**10, 0, 9, "+LATER", 99),
            ev.Result(10**10, "OK", "", 99),
        ]
        await look(app, pilot)
        assert seen(app) == before
        assert app.model.status.command == "AT+LATER"
        await pilot.press("space")
        await look(app, pilot)
        assert "10.0 s" in seen(app)
        assert "PAUSED" not in seen(app)

    show(FullScreen(source, source), act)


def test_the_dialogue_is_scrolled() -> None:
    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        newest = seen(app)
        await pilot.press("up", "up")
        assert seen(app) != newest
        assert "End: newest" in seen(app)
        await pilot.press("home")
        assert "the run begins" in seen(app)
        await pilot.press("end")
        await look(app, pilot)
        assert seen(app) == newest
        await pilot.press("pageup", "pagedown", "pagedown")
        await look(app, pilot)
        assert seen(app) == newest

    show(played(EVENTS), act)


def test_the_dialogue_is_filtered() -> None:
    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        await pilot.press("f")
        assert isinstance(app.screen, Filter)
        await pilot.press("a", "down", "down", "space", "escape")
        assert app.groups == {Group.LOST}
        await look(app, pilot)
        assert "only lost" in seen(app)
        assert "bytes stored, " not in seen(app)
        await pilot.press("f", "a", "a", "escape")  # all, and then none: that is all, too
        assert app.groups == ALL

    show(played(EVENTS), act)


def test_keys_that_make_trouble_make_none_while_something_lies_over_it() -> None:
    source = Played(EVENTS)
    asked: list[Any] = []

    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        source.ask = lambda what, then: asked.append(what)  # type: ignore[method-assign]
        for opened in ("f", "question_mark"):
            await pilot.press(opened, "s", "n", "r", "p")
            assert isinstance(app.screen, Filter | Help)
            await pilot.press("escape")
        troubles = [what for what in asked if getattr(what, "keywords", None) is None]
        assert troubles == []

    show(FullScreen(source, source), act)


def test_names_from_strangers_are_no_markup() -> None:
    name = "[bold red]x[/] \x1b[31m\x07[@click=app.leave]y[/]"
    events = [*EVENTS, ev.DataBegin(10**10, 0, name, name, 9, ack=False, early=0, transfer=9)]
    source = Played(events)
    source.answer = source.answer._replace(files={f"UFS:{name}": 1})

    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        assert "[bold red]x" in seen(app).splitlines()[0]
        assert "UFS:[bold red]x[/] \\x1b[31m" in seen(app)
        app._tell(QuecsimError("[bold]no[/]", hint="[red]ask"))
        await pilot.pause()
        await look(app, pilot)
        assert "[bold]no[/] [red]ask" in seen(app)
        assert "\x1b" not in seen(app)

    show(FullScreen(source, source), act, (160, 24))


def test_the_simulator_s_end_is_the_screen_s_end() -> None:
    source = Played(finished_events())

    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        source.has_ended = True
        await look(app, pilot)

    outcome = show(FullScreen(source, source), act)
    assert outcome is not None
    assert outcome.has_ended
    assert outcome.text.startswith("intact   ca.pem: all 1000 bytes are stored")
    assert source.is_closed


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
def test_leaving(key: str) -> None:
    source = Played(EVENTS)

    async def act(app: FullScreen, pilot: Pilot[Outcome]) -> None:
        await pilot.press(key)

    assert show(FullScreen(source, source), act) == Outcome(False)
    assert source.is_closed


# a real simulator


def with_device(act: Callable[[OpenDevice, FullScreen, Pilot[Outcome]], Awaitable[None]],
                **options: Any) -> None:  # fmt: skip
    with quecsim.open("ec200u", ctl=True, time_scale=20, **options) as device:
        assert device.ctl is not None
        show(open_screen(device.ctl), lambda app, pilot: act(device, app, pilot))


@pytest.mark.parametrize(("key", "kind"), [("s", "stall"), ("n", "bit_error")])
def test_a_key_s_fault_fires(key: str, kind: str) -> None:
    import serial

    async def act(device: OpenDevice, app: FullScreen, pilot: Pilot[Outcome]) -> None:
        await pilot.press(key)
        await until(app, pilot, lambda _: device.faults())
        with serial.Serial(device.port, 115_200, timeout=0) as port:
            port.write(b"AT\rAT\r")
            await until(app, pilot, lambda model: model.faults_fired.get(kind))
        (fault,) = device.faults()
        assert (fault.kind, fault.fired > 0) == (kind, True)

    with_device(act)


def test_rts_stuck_holds_a_host_that_obeys() -> None:
    import serial

    async def act(device: OpenDevice, app: FullScreen, pilot: Pilot[Outcome]) -> None:
        with serial.Serial(device.port, 115_200, timeout=0, rtscts=True) as port:
            port.write(b'AT+IFC=2,2\rAT+QFUPL="UFS:a",9000,60\r')
            await until(app, pilot, lambda model: model.status.transfer)
            await pilot.press("r")
            await until(app, pilot, lambda _: device.faults())
            port.write(b"x" * 9000)
            await until(app, pilot, lambda model: model.faults_fired.get("rts_stuck"))
            await until(app, pilot, lambda model: model.held_ns > 0)

    with_device(act)


def test_a_fault_that_cannot_be_is_told() -> None:
    async def act(device: OpenDevice, app: FullScreen, pilot: Pilot[Outcome]) -> None:
        await pilot.press("r")
        await until(app, pilot, lambda _: "no meaning on a USB port" in seen(app))
        assert device.faults() == []

    with_device(act, interface="usb")


def test_the_power_goes_and_comes_back() -> None:
    async def act(device: OpenDevice, app: FullScreen, pilot: Pilot[Outcome]) -> None:
        await until(app, pilot, lambda model: model.status.power == "on")
        await pilot.press("p")
        await until(app, pilot, lambda model: model.status.power == "off")
        assert device.power == "off"
        await pilot.press("p")
        await until(app, pilot, lambda model: model.status.power == "on")

    with_device(act)


def test_files_and_network_are_asked_for() -> None:
    async def act(device: OpenDevice, app: FullScreen, pilot: Pilot[Outcome]) -> None:
        await until(app, pilot, lambda model: model.files)
        assert app.model.files == {"UFS:a.txt": 5}
        assert app.model.network is not None
        await until(app, pilot, lambda _: "UFS:a.txt" in seen(app))
        assert device.port in seen(app)

    with_device(act, files={"a.txt": b"hello"})


def test_no_simulator() -> None:
    with pytest.raises(QuecsimError, match="no simulator answers"):
        open_screen("/nowhere")
