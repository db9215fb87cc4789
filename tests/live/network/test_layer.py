"""Without TLS bytes go through as they are."""

from quecsim.live.network.layer import Layer, PlainLayer


def test_nothing_lies_between() -> None:
    layer: Layer = PlainLayer()
    layer.start()
    layer.send(b"a")
    layer.send(b"b")
    layer.receive(b"c")
    layer.close()
    layer.end_of_input()
    assert layer.is_established
    assert not layer.is_closed
    assert (layer.take_output(), layer.take_output()) == (b"ab", b"")
    assert (layer.take_plain(), layer.take_plain()) == (b"c", b"")
    assert (layer.version, layer.suite, layer.sent_bytes, layer.received_bytes) == ("", "", 0, 0)
