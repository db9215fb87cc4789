"""The loop without a clock: what is ready, then timers; a loop within a loop."""

import asyncio

import pytest

from quecsim.gatt.loop import StackLoop


def new_loop() -> StackLoop:
    return StackLoop()  # type: ignore[abstract]


def test_what_is_ready_runs_before_any_timer() -> None:
    loop = new_loop()
    order: list[str] = []

    async def go() -> str:
        loop.call_later(0.001, order.append, "timer")
        loop.call_soon(order.append, "soon")
        await asyncio.sleep(0)
        order.append("went on")
        await asyncio.sleep(30)
        return "done"

    assert loop.run(go()) == "done"
    assert order == ["soon", "went on", "timer"]
    assert loop.time() == 30.0


def test_what_follows_from_it_has_happened_and_its_timers_have_not() -> None:
    loop = new_loop()
    order: list[str] = []

    async def go() -> None:
        loop.call_soon(lambda: loop.call_soon(order.append, "after"))
        loop.call_later(5, order.append, "later")

    loop.run(go())
    assert order == ["after"]
    assert loop.time() == 0.0


def test_a_cancelled_timer_moves_nothing() -> None:
    loop = new_loop()

    async def go() -> None:
        loop.call_later(5, pytest.fail).cancel()
        await asyncio.sleep(7)

    loop.run(go())
    assert loop.time() == 7.0


def test_timers_that_were_cancelled_do_not_pile_up() -> None:
    loop = new_loop()

    async def go() -> None:
        loop.call_later(30, pytest.fail).cancel()

    for _ in range(10):
        loop.run(go())
    assert len(loop._timers) == 0


def test_it_raises_what_was_raised() -> None:
    loop = new_loop()

    async def go() -> None:
        raise ValueError("what it is")

    with pytest.raises(ValueError, match="what it is"):
        loop.run(go())


def test_what_goes_wrong_beside_it_is_not_passed_over() -> None:
    loop = new_loop()

    async def go() -> None:
        loop.call_soon(lambda: 1 // 0)
        await asyncio.sleep(0)

    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        loop.run(go())


def test_it_does_not_wait_for_what_cannot_come() -> None:
    loop = new_loop()

    async def go() -> None:
        await loop.create_future()

    with pytest.raises(AssertionError, match="waits for nothing"):
        loop.run(go())


def test_it_does_not_run_in_circles() -> None:
    loop = new_loop()

    def again() -> None:
        loop.call_soon(again)

    async def go() -> None:
        again()

    with pytest.raises(AssertionError, match="does not come to an end"):
        loop.run(go())


def test_it_runs_within_another_loop() -> None:
    async def within() -> asyncio.AbstractEventLoop:
        await asyncio.sleep(0)
        return asyncio.get_running_loop()

    async def outside() -> None:
        loop = new_loop()
        assert loop.run(within()) is loop
        assert asyncio.get_running_loop() is not loop
        await asyncio.sleep(0)

    asyncio.run(outside())
