"""The newest bytes of the host are there to look at again."""

import pytest

from quecsim.report.advice import stream as module
from quecsim.report.advice.stream import HostStream
from quecsim.trace.event import HostBytes


def test_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    stream, data = HostStream(), bytes(range(256)) * 2
    for offset in range(0, 512, 8):
        stream.handlers[HostBytes](HostBytes(offset, offset, data[offset : offset + 8]))
    assert stream.sent == 512
    assert stream.part(412, 512) == data[412:]
    assert stream.part(500, 500) == b""
    assert stream.part(0, 10) is None  # gone
    assert stream.part(500, 513) is None  # not there yet
