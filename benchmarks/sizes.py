"""How much each benchmark does: all of it, enough for a quick look, or just enough to run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes, counts of repetitions, seconds."""

    virtual_bytes: int
    bulk_bytes: int
    bulk_rounds: int
    round_trips: int
    round_trip_rounds: int
    paced_bytes: int
    bauds: tuple[int, ...]
    starts: int
    idle_s: float
    sessions: int
    ptys: int
    pty_bytes: int
    stories: int
    messages: int
    brokered: int
    socket_bytes: int
    socket_rounds: int
    twelve_bytes: int
    linked: int
    linked_bytes: int
    echo_bytes: int
    ble_bytes: int
    report_bytes: int
    report_large_bytes: int
    report_rounds: int
    blind_draws: int
    explained_bytes: int


FULL = Sizes(
    virtual_bytes=4_884_688,
    bulk_bytes=5_000_000,
    bulk_rounds=15,
    round_trips=100,
    round_trip_rounds=50,
    paced_bytes=1_000_000,
    bauds=(115_200, 230_400, 460_800, 921_600),
    starts=15,
    idle_s=10.0,
    sessions=500,
    ptys=500,
    pty_bytes=230_400,
    stories=50,
    messages=100_000,
    brokered=64,
    socket_bytes=5_242_880,
    socket_rounds=9,
    twelve_bytes=100_000,
    linked=64,
    linked_bytes=115_200,
    echo_bytes=1_000_000,
    ble_bytes=1_000_000,
    report_bytes=234_072,
    report_large_bytes=5_000_000,
    report_rounds=5,
    blind_draws=100,
    explained_bytes=262_144,
)
QUICK = Sizes(
    virtual_bytes=4_884_688,
    bulk_bytes=5_000_000,
    bulk_rounds=7,
    round_trips=100,
    round_trip_rounds=20,
    paced_bytes=100_000,
    bauds=(115_200, 230_400, 460_800, 921_600),
    starts=7,
    idle_s=3.0,
    sessions=100,
    ptys=64,
    pty_bytes=57_600,
    stories=20,
    messages=10_000,
    brokered=64,
    socket_bytes=5_242_880,
    socket_rounds=5,
    twelve_bytes=50_000,
    linked=64,
    linked_bytes=57_600,
    echo_bytes=1_000_000,
    ble_bytes=200_000,
    report_bytes=234_072,
    report_large_bytes=1_000_000,
    report_rounds=2,
    blind_draws=20,
    explained_bytes=262_144,
)
TINY = Sizes(
    virtual_bytes=20_000,
    bulk_bytes=20_000,
    bulk_rounds=1,
    round_trips=5,
    round_trip_rounds=1,
    paced_bytes=2_000,
    bauds=(921_600,),
    starts=1,
    idle_s=0.1,
    sessions=2,
    ptys=2,
    pty_bytes=2_000,
    stories=1,
    messages=100,
    brokered=2,
    socket_bytes=20_480,
    socket_rounds=1,
    twelve_bytes=2_000,
    linked=2,
    linked_bytes=2_000,
    echo_bytes=5_000,
    ble_bytes=8_192,
    report_bytes=12_000,
    report_large_bytes=0,
    report_rounds=1,
    blind_draws=1,
    explained_bytes=4_096,
)
