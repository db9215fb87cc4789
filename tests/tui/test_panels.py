"""Each panel's rows: what they say, that they fit, and that nothing in them steers a terminal."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.render.cells import cells
from quecsim.run.network_view import ClientState, LinkState, PacketContext, ServiceState
from quecsim.trace import event as ev
from quecsim.tui import panels
from quecsim.tui.model import Model
from quecsim.tui.rows import Row, Tone, plain
from tests.tui.made import NETWORK, lossy_events, model_of, texts

EVENTS = lossy_events()
LOSSY = model_of(EVENTS)


def told(rows: Callable[[Model, int, int], list[Row]], model: Model, width: int = 40,
         height: int = 20) -> str:  # fmt: skip
    return "\n".join(texts(rows(model, width, height)))


def tones(rows: list[Row], tone: Tone) -> list[str]:
    return [piece.text.strip() for one in rows for piece in one if piece.tone is tone]


def test_the_ring_and_its_history() -> None:
    first, *plot, lane, axis = texts(panels.ring(LOSSY, 40, 8))
    assert first.endswith("▏ 0/512")
    assert "█" in "".join(plot)
    assert "·" in plot[1]  # the mark of RTS
    assert {"x", "="} <= set(lane)
    assert axis.split() == ["-4.0", "s", "most", "512", "now"]


def test_a_full_ring_is_told_in_a_word() -> None:
    full = model_of([*EVENTS[:1], ev.RingLevel(5, 512)])
    assert texts(panels.ring(full, 40, 3))[0].endswith("▏ 512/512 FULL")
    assert texts(panels.ring(full, 6, 1)) == ["▕█▏ 5~"]


def test_flow_control() -> None:
    text = told(panels.flow, LOSSY)
    assert "device  115200 8N1 RTS/CTS" in text
    assert "host    not seen yet" in text
    assert "RTS     go (stops at 384)" in text
    held = model_of([
        *EVENTS[:1], ev.HostLine(1, 9600, "7E1", "xonxoff"), ev.Rts(2, False, 400),
        ev.HostHeld(3, True), ev.HostRts(4, False),
        ev.LineMismatch(5, "9600 7E1", "115200 8N1", garbled=False),
    ])  # fmt: skip
    text = told(panels.flow, held)
    assert "host    9600 7E1 XON/XOFF" in text
    assert "!! the two ends differ" in text
    assert "RTS     STOP" in text
    assert "CTS     STOP" in text
    assert "sender  HELD, 2.000 s in all" in text


def test_the_flash() -> None:
    text = told(panels.flash, LOSSY)
    assert "now      idle" in text
    assert "erases   2" in text
    assert "stalls   1, 90.0 ms" in text
    assert "90.0 ms  a stall" in text
    assert "storing the data" in text
    busy = model_of([ev.FlashBusy(NETWORK.at_ns, NETWORK.at_ns + 45_000_000, "storing", [])])
    assert "now      BUSY 45.0 ms storing" in told(panels.flash, busy)


def test_files_with_the_device_s_checksums() -> None:
    assert texts(panels.files(LOSSY, 30, 5)) == [
        "UFS:ca.pem           1000  27e",
        "UFS:key.pem            20",
    ]
    assert texts(panels.files(LOSSY, 20, 5))[0] == "UFS:ca~    1000  27e"
    none = Model()
    assert texts(panels.files(none, 20, 5)) == ["not asked yet"]
    none.files = {}
    assert texts(panels.files(none, 20, 5)) == ["no file"]
    none.files_trouble = "the flash is damaged"
    assert texts(panels.files(none, 20, 5)) == ["the flash is damaged"]


def test_the_network() -> None:
    assert texts(panels.network(LOSSY, 60, 9)) == [
        "standing home",
        "context 1 used 10.0.0.2",
        "link 1 open broker.example:8883 TLSv1.2 out 39 in 9",
    ]
    more = model_of([])
    more.network = replace(
        NETWORK,
        registration="lost",
        contexts=(PacketContext(number=2, is_broken=True),),
        links=(LinkState(number=7, owner="socket 1", host="a", port=1),),
        clients=(ClientState(name="socket 1", state="opening", host="a", port=1),
                 ClientState(name="MQTT client 0", state="idle")),
        services=(ServiceState(host="b", port=2, kind="mqtt", address="10.0.0.9"),),
    )  # fmt: skip
    assert texts(panels.network(more, 60, 9)) == [
        "standing lost",
        "context 2 LOST",
        "link 7 asked a:1 out 0 in 0",
        "socket 1 opening a:1",
        "MQTT client 0 idle",
        "b:2 (mqtt)",
    ]
    assert tones(panels.network(more, 60, 9), Tone.WARN) == ["lost", "asked"]
    assert texts(panels.network(Model(), 20, 5)) == ["not asked yet"]


def test_the_account_of_bytes() -> None:
    rows = panels.counters(LOSSY, 22, 20)
    assert texts(rows)[:4] == [
        "from host      4062",
        "stored         3000",
        "lost            580",
        "to host          59",
    ]
    assert "580" in tones(rows, Tone.LOUD)
    assert "ring 580" in tones(rows, Tone.LOUD)
    model = model_of([ev.FaultFired(1, 0, "stall", ""), 9])
    model.asked = {"sent": 1, "stored": 0, "lost": 0, "eaten": 1, "in_flight": 0, "forwarded": 4}
    assert {"fault     stall 1", "9 events not seen", "passed on         4"} <= set(
        texts(panels.counters(model, 22, 20))
    )


@pytest.mark.parametrize("panel", panels.PANELS, ids=lambda panel: panel.name)
@given(width=st.integers(0, 60), height=st.integers(0, 12))
def test_every_panel_fits(panel: panels.Panel, width: int, height: int) -> None:
    rows = panel.rows(LOSSY, width, height)
    assert len(rows) <= height
    assert all(cells(plain(one)) <= width for one in rows)


STRANGE = st.text(min_size=1, max_size=30)


@given(STRANGE, STRANGE, STRANGE)
def test_nothing_from_outside_steers_the_terminal(name: str, host: str, why: str) -> None:
    model = model_of([
        ev.FlashBusy(1, 10**12, why, []), ev.FaultFired(2, 0, name, why),
        ev.Lost(3, 4, 0, 1, why, 1, 0, 0, why, name, host),
    ])  # fmt: skip
    model.files = {f"UFS:{name}": 1}
    model.network = replace(
        NETWORK,
        registration=why,
        contexts=(PacketContext(number=1, address=host),),
        links=(LinkState(number=1, owner=name, host=host, port=1, is_open=True, tls_version=why),),
        clients=(ClientState(name=name, state="open", host=host, port=1),),
        services=(ServiceState(host=host, port=1, kind=name, address=host),),
    )
    for panel in panels.PANELS:
        assert all(plain(one).isprintable() for one in panel.rows(model, 200, 40))
