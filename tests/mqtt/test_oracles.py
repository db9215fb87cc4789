"""Two codecs that others wrote: they read what we write, we read what they write, and the bytes
are the same.
"""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.mqtt import Packet, Reader, encode
from tests.mqtt import amqtt_codec, zmqtt_codec
from tests.mqtt.strategies import NOT_CONNECT, TEXTS, connects


@given(connects(levels=st.just(4)) | NOT_CONNECT)
def test_zmqtt_agrees(packet: Packet) -> None:
    data = zmqtt_codec.encode(packet)
    assert encode(packet) == data
    assert zmqtt_codec.decode(data) == packet
    assert list(Reader(4096).feed(data)) == [packet]


# amqtt reads a password as text, as level 3 has it.
@given(connects(passwords=TEXTS.map(str.encode)) | NOT_CONNECT)
def test_amqtt_agrees(packet: Packet) -> None:
    data = amqtt_codec.encode(packet)
    assert encode(packet) == data
    assert amqtt_codec.decode(data) == packet
    assert list(Reader(4096).feed(data)) == [packet]
