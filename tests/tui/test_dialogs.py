"""What lies over the panels for a moment. (What they look like: `test_app`.)"""

import asyncio

from textual.app import App
from textual.widgets import Static

from quecsim.render.dialogue import Group
from quecsim.tui.dialogs import Filter, Help
from quecsim.tui.widgets import RowView


class Bare(App[None]):
    """Nothing but a dialog."""


def choose(shown: frozenset[Group], *keys: str) -> frozenset[Group] | None:
    chosen: list[frozenset[Group] | None] = []

    async def run() -> None:
        async with Bare().run_test(size=(70, 20)) as pilot:
            await pilot.app.push_screen(Filter(shown), chosen.append)
            await pilot.press(*keys)

    asyncio.run(run())
    return chosen[0]


def test_nothing_is_changed_by_looking() -> None:
    assert choose(frozenset((Group.AT, Group.NET)), "escape") == frozenset((Group.AT, Group.NET))


def test_one_more_and_one_less() -> None:
    some = frozenset((Group.AT,))
    assert choose(some, "space", "down", "space", "f") == frozenset((Group.DATA,))


def test_none_is_all() -> None:
    assert choose(frozenset((Group.AT,)), "space", "q") == frozenset(Group)


def test_what_is_chosen_is_seen_without_colour_and_in_few_rows() -> None:
    async def run() -> None:
        async with Bare().run_test(size=(40, 6)) as pilot:
            await pilot.app.push_screen(Filter(frozenset((Group.RUN,))))
            await pilot.press("up")  # from the first to the last
            view = pilot.app.screen.query_one(RowView)
            shown = [line[:11] for line in str(view.render()).splitlines()]
            assert shown == ["  [ ] net  ", "  [ ] fault", "  [ ] power", "> [x] run  "]

    asyncio.run(run())


def test_the_help_tells_each_key_as_it_is() -> None:
    async def run() -> None:
        async with Bare().run_test(size=(70, 20)) as pilot:
            await pilot.app.push_screen(Help([("s", "a [bold]stall[/]"), ("q", "leave")]))
            text = str(pilot.app.screen.query_one(Static).content)
            assert "s          a [bold]stall[/]" in text
            await pilot.press("enter")
            assert not isinstance(pilot.app.screen, Help)

    asyncio.run(run())
