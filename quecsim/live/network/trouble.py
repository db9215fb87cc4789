"""What the operating system says of a connection, in the words of the border."""

import errno
import os

from quecsim.border import Why

_WHY = {
    errno.ECONNREFUSED: Why.REFUSED,
    errno.ETIMEDOUT: Why.TIMEOUT,
    errno.ECONNRESET: Why.RESET,
    errno.ECONNABORTED: Why.RESET,
    errno.EPIPE: Why.RESET,
}


def why_not_open(error: int) -> Why:
    """Why a connection does not come about. What has no word of its own: there is no way there."""
    return _WHY.get(error, Why.UNREACHABLE)


def why_over(error: int) -> Why:
    """Why a connection that was open is over: reset or timeout."""
    return Why.TIMEOUT if error == errno.ETIMEDOUT else Why.RESET


def words(error: int) -> str:
    """The system's own, in lower case: "connection refused"."""
    return os.strerror(error).lower()
