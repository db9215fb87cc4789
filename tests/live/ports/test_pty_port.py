"""Our end of a pty. What it carries is tested with the loop; here is what it says for itself."""

import errno
import os

import pytest

from quecsim.errors import QuecsimError
from quecsim.live.ports.pty_port import PtyPort


def test_no_descriptors_left_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def openpty() -> tuple[int, int]:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "openpty", openpty)
    with pytest.raises(QuecsimError, match="Too many open files") as caught:
        PtyPort(115_200)
    assert "ulimit -n" in str(caught.value)
