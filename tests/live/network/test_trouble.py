"""The system's words and the border's."""

import errno

import pytest

from quecsim.border import Why
from quecsim.live.network.trouble import why_not_open, why_over, words


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (errno.ECONNREFUSED, Why.REFUSED),
        (errno.ETIMEDOUT, Why.TIMEOUT),
        (errno.ECONNRESET, Why.RESET),
        (errno.ENETUNREACH, Why.UNREACHABLE),
        (errno.EHOSTUNREACH, Why.UNREACHABLE),
        (errno.EACCES, Why.UNREACHABLE),
        (errno.EMFILE, Why.UNREACHABLE),
        (0, Why.UNREACHABLE),
    ],
)
def test_why_it_does_not_open(error: int, why: Why) -> None:
    assert why_not_open(error) is why
    assert words(error) == words(error).lower() != ""


def test_why_it_is_over() -> None:
    assert why_over(errno.ETIMEDOUT) is Why.TIMEOUT
    assert {why_over(it) for it in (errno.ECONNRESET, errno.EPIPE, errno.EHOSTUNREACH, 0)} == {
        Why.RESET
    }
