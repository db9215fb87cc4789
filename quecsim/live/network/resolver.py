"""Names, really resolved: each in a thread of its own, because the system's resolver waits.

A look-up cannot be given up, only forgotten; so that a resolver that hangs does not gather threads,
there is a bound.
"""

import socket
import threading
from collections import deque
from dataclasses import dataclass

from quecsim.live.network.addresses import Address, read_address
from quecsim.live.readiness import Waker

_MOST_LOOKUPS = 12


@dataclass(frozen=True)
class Answer:
    """What became of a look-up: `addresses`, in the resolver's order, or `trouble` in words."""

    key: int
    addresses: tuple[Address, ...] = ()
    trouble: str = ""


class Resolver:
    """Asked and emptied from one thread; `descriptor` is readable when there are answers."""

    def __init__(self) -> None:
        self._waker = Waker()
        self._lock = threading.Lock()
        self._answers: deque[Answer] = deque()
        self._under_way = 0
        self._is_closed = False

    @property
    def descriptor(self) -> int:
        """Readable when `take` has something to give."""
        return self._waker.descriptor

    def ask(self, key: int, name: str) -> bool:
        """Begin to look `name` up; the answer bears `key`. False: too many are under way."""
        with self._lock:
            if self._under_way >= _MOST_LOOKUPS:
                return False
            self._under_way += 1
        threading.Thread(target=self._work, args=(key, name), name="resolver", daemon=True).start()
        return True

    def take(self) -> list[Answer]:
        """The answers that have come."""
        self._waker.clear()
        with self._lock:
            answers = list(self._answers)
            self._answers.clear()
        return answers

    def close(self) -> None:
        """Answers that still come reach nobody."""
        with self._lock:
            self._is_closed = True
            self._waker.close()

    def _work(self, key: int, name: str) -> None:
        answer = look_up(key, name)
        with self._lock:
            self._under_way -= 1
            if not self._is_closed:
                self._answers.append(answer)
                self._waker.wake()


def look_up(key: int, name: str) -> Answer:
    """Ask the system. It may wait for as long as it likes."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return Answer(key, trouble=getattr(error, "strerror", None) or str(error))
    # A zone (`%eth0`) belongs to a link-local address, which is never reached.
    texts = [str(where[0]) for *_, where in found]
    return Answer(key, tuple(it for text in texts if (it := read_address(text)) is not None))
