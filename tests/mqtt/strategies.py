"""Packets as the standard allows them, and bytes that are nearly some."""

from hypothesis import strategies as st

from quecsim.mqtt import (
    ConnAck,
    Connect,
    Disconnect,
    Packet,
    PingReq,
    PingResp,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
    SubAck,
    Subscribe,
    UnsubAck,
    Unsubscribe,
    Will,
)

QOS = st.integers(0, 2)
PACKET_IDS = st.integers(1, 65_535)
# Every character that a string can have, so also those of two, three and four bytes.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(CHARACTERS, max_size=12)
PAYLOADS = st.binary(max_size=200)

_LEVELS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0/+#"), max_size=4
) | st.sampled_from(["a", "$SYS", ""])
NAMES = st.lists(_LEVELS, min_size=1, max_size=5).map("/".join).filter(bool)


@st.composite
def filters(draw: st.DrawFn) -> str:
    levels = draw(st.lists(st.just("+") | _LEVELS, max_size=4))
    last = draw(st.sampled_from(["#", "+", "a", ""]) | _LEVELS)
    return "/".join([*levels, last]) or "#"


FILTERS = filters()
WILLS = st.builds(Will, topic=NAMES, payload=PAYLOADS, qos=QOS, retain=st.booleans())


@st.composite
def connects(
    draw: st.DrawFn,
    levels: st.SearchStrategy[int] = st.sampled_from([3, 4]),  # noqa: B008
    passwords: st.SearchStrategy[bytes] = st.binary(max_size=20),  # noqa: B008
) -> Connect:
    user = draw(st.none() | TEXTS)
    return Connect(
        client_id=draw(TEXTS),
        level=draw(levels),
        is_clean=draw(st.booleans()),
        keep_alive_s=draw(st.integers(0, 65_535)),
        user=user,
        password=None if user is None else draw(st.none() | passwords),
        will=draw(st.none() | WILLS),
    )


CONNACKS = st.sampled_from([ConnAck(0, True)]) | st.builds(ConnAck, st.integers(0, 5))


@st.composite
def publishes(draw: st.DrawFn) -> Publish:
    qos = draw(QOS)
    return Publish(
        draw(NAMES),
        draw(PAYLOADS),
        qos,
        draw(st.booleans()),
        draw(st.booleans()) if qos else False,
        draw(PACKET_IDS) if qos else 0,
    )


SUBSCRIBES = st.builds(
    Subscribe,
    PACKET_IDS,
    st.lists(st.tuples(FILTERS, QOS), min_size=1, max_size=5).map(tuple),
)
SUBACKS = st.builds(
    SubAck,
    PACKET_IDS,
    st.lists(st.sampled_from([0, 1, 2, 0x80]), min_size=1, max_size=5).map(tuple),
)
UNSUBSCRIBES = st.builds(
    Unsubscribe, PACKET_IDS, st.lists(FILTERS, min_size=1, max_size=5).map(tuple)
)
NUMBERED: st.SearchStrategy[Packet] = st.one_of(
    *(st.builds(kind, PACKET_IDS) for kind in (PubAck, PubRec, PubRel, PubComp, UnsubAck))
)
BARE: st.SearchStrategy[Packet] = st.sampled_from([PingReq(), PingResp(), Disconnect()])
NOT_CONNECT: st.SearchStrategy[Packet] = st.one_of(
    CONNACKS, publishes(), SUBSCRIBES, SUBACKS, UNSUBSCRIBES, NUMBERED, BARE
)
PACKETS: st.SearchStrategy[Packet] = connects() | NOT_CONNECT


@st.composite
def cuts(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The same bytes in pieces, also empty ones."""
    places = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Some of the bytes are others, or gone, or there are more."""
    spoilt = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(spoilt) - 1)))
        span = draw(st.integers(0, 2))
        spoilt[place : place + span] = draw(st.binary(max_size=2))
    return bytes(spoilt)
