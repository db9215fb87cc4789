"""What an operation makes the flash do."""

from collections.abc import Callable
from typing import TypeVar

from quecsim.flash.nor import FlashTime, Nor

T = TypeVar("T")


def timed(nor: Nor, operation: Callable[[], T]) -> tuple[T, FlashTime]:
    """Run `operation` and say what it made the flash do."""
    nor.begin()
    try:
        value = operation()
    finally:
        work = nor.end()
    return value, work
