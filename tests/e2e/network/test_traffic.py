"""A lot of messages at once, large ones, and what comes while a file goes up."""

from collections import Counter

import pytest

from quecsim.border import CREDIT_BYTES
from quecsim.checksum import checksum, checksum_text
from quecsim.trace.event import ClientMessage, UrcDropped
from tests.e2e.network.host import reply
from tests.e2e.network.world import MOSQUITTO, VIRTUAL, World, open_world
from tests.peers.mosquitto import Mosquitto

BYTES = bytes(range(256))
BLOCK_BYTES = 1024
FILE = BYTES * 40 + b"and a tail"
CLIENTS = range(6)
FORGETS = {"ec200u": True, "ec200s": False}
"""Whether a device forgets what it has to say where data mode begins."""


@pytest.mark.parametrize("qos", [0, 1])
def test_large_messages_and_every_byte_come_through(world: World, qos: int) -> None:
    host = world.host
    topic = f"größe/{qos}/€"
    large = BYTES * 40
    host.ask('AT+QMTCFG="recv/mode",0,0,1')
    world.connects()
    host.ask(f'AT+QMTSUB=0,1,"{topic}",{qos}')
    host.hears(f"+QMTSUB: 0,1,0,{qos}")
    for number in range(1, 4):
        world.publish(topic, large, qos=qos)
        host.hears(f'+QMTRECV: 0,{number * qos},"{topic}",10240,"'.encode() + large + b'"')
    host.is_prompted(f'AT+QMTPUB=0,{9 * qos},{qos},0,"{topic}",4096')
    host.write(BYTES * 16)
    host.reads(reply())
    host.hears_in_any_order(
        f"+QMTPUB: 0,{9 * qos},0",
        f'+QMTRECV: 0,{4 * qos},"{topic}",4096,"'.encode() + BYTES * 16 + b'"',
    )
    host.ask(f'AT+QMTPUB=0,{9 * qos},{qos},0,"{topic}",4097', result="ERROR")


def test_six_clients_while_a_file_goes_up(world: World) -> None:
    """Publications go out before, messages come in between, and none of them is lost that the
    model has not lost: those that wait where data mode begins, on a device that forgets them.
    """
    host, device = world.host, world.device
    for client in CLIENTS:
        world.connects(client)
        host.ask(f'AT+QMTSUB={client},1,"to/{client}",1')
        host.hears(f"+QMTSUB: {client},1,0,1")
    heard = []
    for client in CLIENTS:
        to = (client + 1) % len(CLIENTS)
        host.command(f'AT+QMTPUB={client},7,1,0,"to/{to}","from {client}"')
        heard += host.listens(b"OK")
    host.command(f'AT+QFUPL="UFS:ca.pem",{len(FILE)},60,1')
    heard += host.listens(b"CONNECT")
    texts = [_upload_block(world, number) for number in range(-(-len(FILE) // BLOCK_BYTES))]
    host.reads(reply(f"+QFUPL: {len(FILE)},{checksum_text(checksum(FILE))}"))
    dropped = [event.text for event in device.events() if isinstance(event, UrcDropped)]
    expected = Counter(_all_codes(texts))
    waiting = expected - Counter(heard) - Counter(text.encode() for text in dropped)
    host.hears_in_any_order(*waiting.elements())
    host.ask("AT")
    assert sum(waiting.values()) + len(heard) + len(dropped) == sum(expected.values())
    assert FORGETS[world.name] or not dropped
    assert waiting >= Counter(_told(texts)), "what came in data mode comes after it"
    assert device.read_file("UFS:ca.pem") == FILE
    report = device.report()
    assert report.urcs_dropped == len(dropped)
    assert [upload.verdict for upload in report.uploads] == ["intact"]
    assert sum(each.received for each in report.network.messages) == len(CLIENTS) + len(texts)
    assert sum(each.published for each in report.network.messages) == len(CLIENTS)


def _upload_block(world: World, number: int) -> str:
    """A message for one of the clients comes, and then a block goes up; returns the message."""
    text = f"block {number} ".ljust(100 + number, ".")
    world.publish(f"to/{number % len(CLIENTS)}", text.encode(), qos=1)
    world.device.wait_for(ClientMessage, way="in", count=len(text), since="start", timeout_s=60)
    block = FILE[number * BLOCK_BYTES :][:BLOCK_BYTES]
    world.host.write(block)
    if len(block) == BLOCK_BYTES:
        world.host.reads(b"A")
    return text


def _told(texts: list[str]) -> list[bytes]:
    """The messages of the blocks as the host gets them: each client's second, third, ..."""
    codes = []
    for number, text in enumerate(texts):
        turn, client = divmod(number, len(CLIENTS))
        codes.append(f'+QMTRECV: {client},{2 + turn},"to/{client}","{text}"'.encode())
    return codes


def _all_codes(texts: list[str]) -> list[bytes]:
    codes = [f"+QMTPUB: {client},7,0".encode() for client in CLIENTS]
    for client in CLIENTS:
        to = (client + 1) % len(CLIENTS)
        codes.append(f'+QMTRECV: {to},1,"to/{to}","from {client}"'.encode())
    return codes + _told(texts)


@pytest.mark.parametrize("kind", [VIRTUAL, pytest.param(MOSQUITTO, marks=pytest.mark.pty)])
def test_a_slow_line_slows_the_broker_and_loses_nothing(mosquitto: Mosquitto, kind: str) -> None:
    """More comes at once than the device takes of a connection: the rest waits at the broker."""
    payload, count = BYTES * 16, 24
    assert len(payload) * count > CREDIT_BYTES
    with open_world(kind, "ec200u", mosquitto, speed="paced", ipr=921_600) as world:
        host = world.host
        host.ask('AT+QMTCFG="recv/mode",0,0,1')
        world.connects()
        host.ask('AT+QMTSUB=0,1,"slow",1')
        host.hears("+QMTSUB: 0,1,0,1")
        host.command('AT+QFUPL="UFS:a",3')
        host.reads(b"\r\nCONNECT\r\n")
        for _ in range(count):
            world.publish("slow", payload, qos=1)
        host.write("abc")
        host.reads(reply("+QFUPL: 3,262"))
        for number in range(1, 1 + count):
            host.hears(f'+QMTRECV: 0,{number},"slow",4096,"'.encode() + payload + b'"')
        [messages] = world.device.report().network.messages
        assert (messages.received, messages.dropped) == (count, 0)


@pytest.mark.parametrize("device", FORGETS)
def test_what_waits_where_data_mode_begins(device: str) -> None:
    with open_world(VIRTUAL, device) as world:
        host = world.host
        world.connects()
        host.ask('AT+QMTSUB=0,1,"t",0')
        host.hears("+QMTSUB: 0,1,0,0")
        host.command('AT+QFUPL="UFS:a",3')
        world.publish("t", b"while the command is read")
        host.reads(b"\r\nCONNECT\r\n")
        world.publish("t", b"in data mode")
        host.write("abc")
        host.reads(reply("+QFUPL: 3,262"))
        if not FORGETS[device]:
            host.hears('+QMTRECV: 0,0,"t","while the command is read"')
        host.hears('+QMTRECV: 0,0,"t","in data mode"')
        assert world.device.report().urcs_dropped == FORGETS[device]


@pytest.mark.parametrize("device", FORGETS)
@pytest.mark.parametrize("length", ["", ",4"])
def test_nothing_is_forgotten_at_a_prompt(device: str, length: str) -> None:
    with open_world(VIRTUAL, device) as world:
        host = world.host
        world.connects()
        host.ask('AT+QMTSUB=0,1,"t",0')
        host.hears("+QMTSUB: 0,1,0,0")
        host.command(f'AT+QMTPUB=0,2,1,0,"other"{length}')
        world.publish("t", b"while the command is read")
        host.reads(b"\r\n> ")
        world.publish("t", b"at the prompt")
        host.write("text" if length else "text\x1a")
        host.reads(reply())
        host.hears('+QMTRECV: 0,0,"t","while the command is read"')
        host.hears('+QMTRECV: 0,0,"t","at the prompt"')
        host.hears("+QMTPUB: 0,2,0")
