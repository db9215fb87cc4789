"""An event loop of asyncio's kind that has no clock and waits for nothing.

What is ready runs in order. Where nothing is, its time goes to the next timer at once; it is its
own, and nothing of it gets out. So a Bluetooth stack that is written for asyncio is a function: it
is asked, runs until there is nothing more to do, and has answered. It may run within another loop,
and within one that runs in virtual time.
"""

import asyncio
from asyncio import events
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from heapq import heappop, heappush
from typing import Any, TypeVar

T = TypeVar("T")

_MOST_STEPS = 50_000
"""More than any exchange of a connection takes: the stack runs in circles."""


class StackLoop(asyncio.AbstractEventLoop):
    """`steps` counts what has run in it."""

    def __init__(self) -> None:
        self.steps = 0
        self._now_s = 0.0
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._count = 0
        self._trouble: list[BaseException] = []

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """What comes of it; and all that follows from it, but timers, has happened then.

        Raises what it raises. Raises AssertionError where it waits for something that cannot come.
        """
        before = events._get_running_loop()
        events._set_running_loop(None)
        events._set_running_loop(self)
        try:
            task = self.create_task(what)
            most = self.steps + _MOST_STEPS
            while self._ready or not task.done():
                assert self.steps < most, "the Bluetooth stack does not come to an end"
                self._step()
            assert not self._trouble, self._trouble
            return task.result()
        finally:
            events._set_running_loop(before)
            while self._timers and self._timers[0][2].cancelled():  # nobody else comes by
                heappop(self._timers)

    def _step(self) -> None:
        while not self._ready:
            assert self._timers, "the Bluetooth stack waits for nothing"
            at_s, _, timer = heappop(self._timers)
            if not timer.cancelled():
                self._now_s = max(self._now_s, at_s)
                self._ready.append(timer)
        self.steps += 1
        handle = self._ready.popleft()
        if not handle.cancelled():
            handle._run()

    # asyncio.AbstractEventLoop, as far as a stack without input and output has a use for it

    def time(self) -> float:
        """Its own, in seconds."""
        return self._now_s

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Behind all that is ready."""
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(  # type: ignore[override]
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """When nothing is ready any more."""
        return self.call_at(self._now_s + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """The same, at a time of its own."""
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._count += 1
        heappush(self._timers, (when, self._count, timer))
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is passed over when its time comes."""

    def create_future(self) -> "asyncio.Future[Any]":
        """As every loop's."""
        return asyncio.Future(loop=self)

    def create_task(  # type: ignore[override]
        self,
        coro: Coroutine[Any, Any, T],
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> "asyncio.Task[T]":
        """As every loop's."""
        return asyncio.Task(coro, loop=self, name=name, context=context)

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """What went wrong in a callback goes wrong for who runs the loop; a task that nobody waits
        for any more, when a connection is forgotten, is none of it.
        """
        if (error := context.get("exception")) is not None:
            self._trouble.append(error)

    def get_debug(self) -> bool:
        """Never."""
        return False

    def is_running(self) -> bool:
        """Whenever somebody asks."""
        return True

    def is_closed(self) -> bool:
        """There is nothing to close."""
        return False
