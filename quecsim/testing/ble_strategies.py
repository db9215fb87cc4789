"""Hypothesis strategies for Bluetooth LE: who is on the air with a device, and how a host hands
over what goes through transparent mode.
"""

from quecsim.errors import QuecsimError
from quecsim.peers.ble_settings import AnyBlePeer, BleOthers, BleParameters, BlePhone, BleStep
from quecsim.testing.write_schedule import WriteSchedule
from quecsim.units import MS

try:
    from hypothesis import strategies as st
except ImportError:
    raise QuecsimError(
        "the strategies need Hypothesis", hint="pip install 'quecsim[fuzz]'"
    ) from None

_ATT_BYTES = 3  # of an MTU, around the data
_MTUS = (247, 23, 185, 512)
_TEXTS = ("hello", "a", "0123456789" * 30)


def ble_schedules(mtu: int = 247) -> st.SearchStrategy[WriteSchedule]:
    """Chunks of about what goes into one packet of that MTU, smaller and larger ones, with gaps of
    about a connection interval.
    """
    most = mtu - _ATT_BYTES
    known = [most, max(1, most - 1), most + 1, 2 * most, 20, 1]
    chunks = st.one_of(st.sampled_from(known), st.integers(1, 4 * most))
    gaps_ms = st.one_of(st.just(0), st.sampled_from([1, 7, 8, 30, 50, 500]), st.integers(1, 100))
    return st.builds(lambda chunk, gap_ms: WriteSchedule(chunk, gap_ms * MS), chunks, gaps_ms)


def others() -> st.SearchStrategy[tuple[AnyBlePeer, ...]]:
    """Those who only advertise: few, or many."""
    return st.sampled_from([1, 5, 40]).map(lambda count: (BleOthers(count=count),))


def ble_phones(uuid: str = "fff2") -> st.SearchStrategy[tuple[AnyBlePeer, ...]]:
    """A phone that connects to the device, asks for an MTU or not, has notifications of `uuid` on,
    and writes to it. Its connection is as phones have theirs, and it stays.
    """
    parameters = st.sampled_from(
        [(24, 0, 500), (12, 0, 72), (6, 0, 500), (36, 4, 600), (80, 0, 600)]
    )
    mtus = st.one_of(st.none(), st.sampled_from(_MTUS))
    texts = st.lists(st.sampled_from(_TEXTS), max_size=2)
    return st.builds(
        lambda drawn, after_ms, mtu, said: (_phone(uuid, drawn, after_ms, mtu, said),),
        parameters,
        st.sampled_from([0, 100, 3000]),
        mtus,
        texts,
    )


def _phone(
    uuid: str, parameters: tuple[int, int, int], after_ms: int, mtu: int | None, texts: list[str]
) -> BlePhone:
    interval, latency, timeout = parameters
    steps = [
        *([] if mtu is None else [BleStep(do="mtu", mtu=mtu)]),
        BleStep(do="discover"),
        BleStep(do="subscribe", uuid=uuid),
        *(BleStep(do="write", uuid=uuid, text=text, after_ms=100) for text in texts),
    ]
    made = BleParameters(interval=interval, latency=latency, timeout=timeout)
    return BlePhone(name="phone", after_ms=after_ms, parameters=made, steps=tuple(steps))
