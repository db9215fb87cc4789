"""The full screen itself: where the panels stand, what the keys do, and how it ends."""

import asyncio
import signal
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Footer, Static

from quecsim.errors import QuecsimError
from quecsim.live.control.client import ControlClient
from quecsim.render.cells import harmless
from quecsim.render.dialogue import Group
from quecsim.render.status_line import GAP, status_texts
from quecsim.run.network_view import NetworkState
from quecsim.tui.dialogs import Filter, Help
from quecsim.tui.dialogue_view import ALL, dialogue_rows, scrolled
from quecsim.tui.feed import Desk, Events, Follower, Questions
from quecsim.tui.keys import TROUBLES, Trouble, switch_power
from quecsim.tui.model import Model
from quecsim.tui.panels import PANELS
from quecsim.tui.rows import Piece, Row, Tone
from quecsim.tui.widgets import RowView, as_text

_LOOK_S = 0.2  # between two pictures
_ASK_S = 1.0  # between two questions about files, network, counters
_MOST_AT_ONCE = 4000  # events, so that keys are answered meanwhile
_LEAST_COLUMNS, _LEAST_ROWS = 70, 20  # for all panels at once; in less, one at a time
_TALL_ROWS = 34
_TONES = {
    "1;31": Tone.LOUD,
    "31": Tone.LOUD,
    "33": Tone.WARN,
    "36": Tone.HOST,
    "2": Tone.FAINT,
}
_NAMES = ("all", "dialogue", *(panel.name for panel in PANELS))


class Outcome(NamedTuple):
    """How the screen was left: `has_ended`, the simulator has, and `text` says how."""

    has_ended: bool
    text: str = ""


class Answers(NamedTuple):
    """What is asked again and again. `files` None: they are as they were; a text says why not."""

    files: dict[str, int] | str | None
    counters: dict[str, int]
    network: NetworkState


class Panels(Screen[None]):
    """Where the panels are; its keys do nothing while something lies over it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,h", "app.help", "Help", key_display="?"),
        Binding("q", "app.leave", "Quit"),
        *(Binding(one.key, f"app.trouble('{one.key}')", one.name) for one in TROUBLES),
        Binding("p", "app.power", "Power"),
        Binding("f", "app.filter", "Filter"),
        Binding("space", "app.pause", "Pause", key_display="space"),
        Binding("tab", "app.panel(1)", "Panel", key_display="tab"),
        Binding("shift+tab", "app.panel(-1)", show=False),
        Binding("escape", "app.overview", show=False),
        Binding("up,k", "app.scroll(-1)", show=False),
        Binding("down,j", "app.scroll(1)", show=False),
        Binding("pageup", "app.scroll(-10)", show=False),
        Binding("pagedown", "app.scroll(10)", show=False),
        Binding("home", "app.scroll(-100000)", show=False),
        Binding("end", "app.newest", show=False),
    ]


class FullScreen(App[Outcome]):
    """All of a simulator, by its events and by what it answers."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    TITLE = "quecsim"
    CSS: ClassVar[str] = """
    Panels { background: #0d1117; color: #e6edf3; overflow: hidden; }
    #head { height: auto; max-height: 2; padding: 0 1; background: #161b22; }
    #top { height: 7; }
    #bottom { height: 7; }
    .tall #top { height: 10; }
    .tall #bottom { height: 9; }
    .alone #top, .alone #bottom { height: 1fr; }
    #ring { width: 1fr; } #flow { width: 28; } #flash { width: 26; }
    #files { width: 1fr; } #network { width: 1fr; } #counters { width: 22; }
    .alone RowView { width: 1fr; }
    #dialogue { height: 1fr; }
    Footer { background: #161b22; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "leave", show=False, priority=True)
    ]

    def __init__(self, follower: Events, desk: Questions, model: Model | None = None) -> None:
        super().__init__()
        self.model = model if model is not None else Model()
        self.groups: frozenset[Group] = ALL
        self.is_paused = False
        self.shown = _NAMES[0]
        self._end: int | None = None  # of the dialogue that is seen; None: the newest
        self._follower, self._desk = follower, desk
        self._head = Static("", id="head", markup=False)
        views = [RowView(partial(panel.rows, self.model), title=panel.title, id=panel.name)
                 for panel in PANELS]  # fmt: skip
        self._top, self._bottom = (
            Horizontal(*views[:3], id="top"),
            Horizontal(*views[3:], id="bottom"),
        )
        self._views = [*views, RowView(self._dialogue, title="Dialogue", id="dialogue")]
        self._port = ""
        self._is_asking = self._is_small = False
        self._ask_s = 0.0

    def get_default_screen(self) -> Panels:
        """What is there from the start."""
        return Panels(id="_default")

    def compose(self) -> ComposeResult:
        """The head, three panels, the dialogue, three panels, the keys."""
        yield self._head
        yield self._top
        yield self._views[-1]
        yield self._bottom
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Everything begins."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self.action_leave)
        self._follower.start()
        self._desk.start()
        self._desk.ask(lambda client: client.greeting().port, self._take_greeting)
        self.set_interval(_LOOK_S, self.look)
        self._arrange()

    def on_unmount(self) -> None:
        """Nobody follows or asks any more."""
        self._follower.close()
        self._desk.close()

    def on_resize(self, event: Resize) -> None:
        """What fits is shown."""
        self._arrange(event.size)

    # what is seen

    def look(self) -> None:
        """Take what has come, and show it."""
        self.model.follow(self._follower.take(_MOST_AT_ONCE))
        self._desk.deliver()
        self._ask()
        if not self.is_paused:
            self._draw()
        if self._follower.has_ended:
            self.exit(Outcome(True, self._follower.trouble or self.model.ending()))

    def _draw(self) -> None:
        self._show_head(self.size)
        for view in self._views:
            view.look()
        self.model.status.settle()

    def _show_head(self, size: Size) -> None:
        width = max(size.width - 2, 1)
        lines = status_texts(self.model.status, self._port, width, self.model.now_ns)
        wanted = lines if self._is_small else lines[:1]
        self._head.update(as_text(map(_head_row, wanted)))
        self._views[-1].border_subtitle = harmless(self._dialogue_state())

    def _dialogue_state(self) -> str:
        told = [f"{self.model.now_ns / 1e9:.1f} s"]
        if self.groups != ALL:
            told.append("only " + ", ".join(group for group in Group if group in self.groups))
        if self._end is not None:
            told.append("End: newest")
        return "  ".join([*told, *(["PAUSED"] if self.is_paused else [])])

    def _dialogue(self, width: int, height: int) -> list[Row]:
        return dialogue_rows(self.model, width, height, self.groups, self._end)

    @property
    def _base(self) -> Screen[Any]:
        """Where the panels are, whatever lies over it."""
        return self.screen_stack[0]

    def _arrange(self, size: Size | None = None) -> None:
        """All panels, or the one that was chosen; in a small terminal always one."""
        size = self.size if size is None else size
        small = self._is_small = size.width < _LEAST_COLUMNS or size.height < _LEAST_ROWS
        one = "dialogue" if small and self.shown == "all" else self.shown
        self._base.set_class(one != "all", "alone")
        self._base.set_class(size.height >= _TALL_ROWS, "tall")
        for view in self._views:
            view.display = one in ("all", view.id)
        for place, views in ((self._top, self._views[:3]), (self._bottom, self._views[3:-1])):
            place.display = any(view.display for view in views)
        self._show_head(size)

    # what is asked

    def _ask(self) -> None:
        """Files, counters and network, from time to time, and one question at a time."""
        if self._is_asking or time.monotonic() < self._ask_s:
            return
        self._is_asking, self._ask_s = True, time.monotonic() + _ASK_S
        wants_files, self.model.are_files_old = self.model.are_files_old, False
        self._desk.ask(partial(_answers, wants_files=wants_files), self._take_answers)

    def _take_answers(self, found: Any) -> None:
        self._is_asking = False
        if not isinstance(found, Answers):  # it has ended: the follower finds out
            return
        model = self.model
        model.asked, model.network = found.counters, found.network
        if isinstance(found.files, str):
            model.files_trouble = found.files
        elif found.files is not None:
            model.files, model.files_trouble = found.files, ""

    def _take_greeting(self, found: Any) -> None:
        self._port = found if isinstance(found, str) else ""

    def _tell(self, answer: Any) -> None:
        """What came of a key that makes trouble."""
        is_refused = isinstance(answer, QuecsimError)
        text = f"{answer.message} {answer.hint}".strip() if is_refused else str(answer)
        self.notify(harmless(text), severity="error" if is_refused else "information",
                    timeout=4, markup=False)  # fmt: skip

    # keys

    def action_trouble(self, key: str) -> None:
        """Ask for a fault."""
        wanted: Trouble = next(one for one in TROUBLES if one.key == key)
        self._desk.ask(wanted.ask, self._tell)

    def action_power(self) -> None:
        """The switch on the bench."""
        self._desk.ask(switch_power, self._tell)

    def action_pause(self) -> None:
        """The picture stands still, or goes on; what happens is kept."""
        self.is_paused = not self.is_paused
        self._end = self.model.lines_told if self.is_paused else None
        self._draw()

    def action_filter(self) -> None:
        """Choose what the dialogue shows."""
        self.push_screen(Filter(self.groups), self._filter)

    def action_help(self) -> None:
        """What the keys do."""
        self.push_screen(Help(list(_help())))

    def action_panel(self, by: int) -> None:
        """The next panel alone, and after the last all of them."""
        names = _NAMES[1:] if self._is_small else _NAMES
        now = names.index(self.shown) if self.shown in names else 0
        self.shown = names[(now + by) % len(names)]
        self._arrange()

    def action_overview(self) -> None:
        """All panels, and the newest lines."""
        self.shown = _NAMES[0]
        self._arrange()
        self.action_newest()

    def action_scroll(self, by: int) -> None:
        """Lines of the dialogue."""
        self._end = scrolled(self.model, self.groups, self._end, by)
        self._draw()

    def action_newest(self) -> None:
        """The dialogue follows again."""
        self._end = None
        self._draw()

    def action_leave(self) -> None:
        """The simulator goes on."""
        self.exit(Outcome(False))

    def _filter(self, groups: frozenset[Group] | None) -> None:
        self.groups = groups or ALL
        self._draw()


def _head_row(texts: Iterable[tuple[str, str]]) -> Row:
    pieces = [Piece(text, _TONES.get(code, Tone.PLAIN)) for text, code in texts]
    gaps = [Piece(GAP)] * len(pieces)
    return tuple(one for pair in zip(pieces, gaps, strict=True) for one in pair)[:-1]


def _answers(client: ControlClient, *, wants_files: bool) -> Answers:
    files: dict[str, int] | str | None = None
    if wants_files:
        try:
            files = client.files()
        except QuecsimError as error:  # a damaged flash; one who has hung up is found out below
            files = error.message
    return Answers(files, client.counters(), client.network())


def _help() -> Iterator[tuple[str, str]]:
    yield from ((one.key, one.about) for one in TROUBLES)
    yield "p", "the power goes, and comes back"
    yield "f", "what the dialogue shows"
    yield "space", "the picture stands still, and goes on"
    yield "tab", "one panel after the other, large; Esc: all"
    yield "up, down", "the dialogue, line by line"
    yield "PgUp, PgDn", "ten lines; Home the oldest, End the newest"
    yield "q, Ctrl-C", "leave"


def open_screen(path: str | Path) -> FullScreen:
    """That of the simulator at control socket `path`. Raises QuecsimError where nobody answers."""
    follower = Follower(path)
    try:
        return FullScreen(follower, Desk(path))
    except QuecsimError:
        follower.close()
        raise


def show(path: str | Path) -> Outcome:
    """Show it until somebody leaves or the simulator ends. Raises QuecsimError likewise."""
    return open_screen(path).run(mouse=False) or Outcome(False)
