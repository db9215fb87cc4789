"""+QWLANOTA: codes of a download, the restart with new firmware, and how it comes to nothing."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.at.context import Outside
from quecsim.faults import Fault
from quecsim.faults.kinds.connect_refused import ConnectRefused
from quecsim.faults.kinds.dns_failure import DnsFailure
from quecsim.faults.kinds.link_down import LinkDown
from quecsim.faults.kinds.wifi_deauth import WifiDeauth
from quecsim.firmware.package import build_package
from quecsim.flash.timing import FlashMode
from quecsim.peers.http_server import HttpServer
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.peers.served import Offer, Served
from quecsim.profiles.schema import Profile
from quecsim.run.replay import replay
from quecsim.trace import event as ev
from quecsim.units import ms, s
from tests.commands.fota import system_sizes
from tests.device.bench import ERROR, OK, Bench, info
from tests.device.wifi import joined, profile, shipped, urc
from tests.laws.driver import law

OLD, NEW = shipped().identity.revision, "FCM242DAAR02A01"
URL = "http://ota.example/fw/fcm.bin"
BACK = b"\r\nRDY\r\n" + urc("WLAN_CONNECTED") + urc("GOT_IP")


@cache
def package(source: str = OLD, size: int = 50_000) -> bytes:
    return build_package(bytes(range(251)) * (size // 251), source, NEW)


def told(*events: str) -> bytes:
    return b"".join(f'\r\n+QOTASTAT: "{event}"\r\n'.encode() for event in events)


GOOD = OK + told("START_DOWNLOAD", "DOWNLOADING", "DOWNLOAD_SUCCEED")
BAD = OK + told("START_DOWNLOAD", "DOWNLOADING", "DOWNLOAD_FAILED")
NOTHING = OK + told("START_DOWNLOAD", "DOWNLOAD_FAILED")


def bench_of(
    data: bytes | None = None,
    device: Profile | None = None,
    file: dict[str, Any] | None = None,
    **config: Any,
) -> Bench:
    """A device that has joined, and a server with that file."""
    there = HttpFile(**{"base64": package() if data is None else data, **(file or {})})
    web = HttpServer(HttpSettings(files={"/fw/fcm.bin": there}))
    peer = Served({("ota.example", 80): Offer(web, "192.0.2.10")})
    return joined(Bench(device or shipped(), peer=peer, **config))


def version(bench: Bench) -> str:
    said = bench.ask("AT+QVERSION").decode()
    return said.partition("+QVERSION: ")[2].partition("\r")[0]


def check_record(bench: Bench) -> None:
    bench.rig.finish(bench.now_ns)
    record = bench.record()
    again = replay(record)
    assert again.is_same, (again.was, again.now)


@pytest.mark.parametrize("given", [f'"{URL}"', URL])
def test_the_device_restarts_with_the_new_firmware(given: str) -> None:
    bench = bench_of()
    sent_ns = bench.now_ns
    assert bench.ask(f"AT+QWLANOTA={given}") == GOOD + BACK
    assert bench.times[bench.output.rfind(OK)] - sent_ns < ms(300)
    gone_ns = bench.arrival_ns(told("DOWNLOAD_SUCCEED"))
    down_ns = next(one.at_ns for one in bench.events(ev.Power) if one.state == "booting")
    assert ms(900) < down_ns - gone_ns < ms(1100)
    bench.ask("AT+QECHO=0")
    assert version(bench) == NEW
    assert system_sizes(bench) == {}
    bench.ask("AT+QRST")
    assert version(bench) == NEW
    steps = [(one.step, one.number) for one in bench.events(ev.UpgradeStep)]
    assert steps == [("START", None), ("END", 0)]
    check_record(bench)


def test_other_commands_go_on_meanwhile() -> None:
    bench = bench_of(file={"bytes_per_s": 20_000})
    bench.send(f'AT+QWLANOTA="{URL}"\r'.encode())
    bench.until(told("DOWNLOADING"))
    assert bench.run_for(ms(100)) == b""
    bench.send(b"AT+QVERSION\r")
    assert bench.run_for(ms(200)) == info(f"+QVERSION: {OLD}")
    bench.send(f'AT+QWLANOTA="{URL}"\r'.encode())
    assert bench.run_for(ms(200)) == ERROR, "there is one under way"
    assert bench.rest() == told("DOWNLOAD_SUCCEED") + BACK


@pytest.mark.parametrize(("times", "more"), [(0, 0), (1, 1), (2, 2), (10, 10)])
def test_how_often_it_tells_of_it(times: int, more: int) -> None:
    bench = bench_of(device=profile(fota={"ota_progress": times}))
    events = ("START_DOWNLOAD", *["DOWNLOADING"] * more, "DOWNLOAD_SUCCEED")
    assert bench.ask(f"AT+QWLANOTA={URL}") == OK + told(*events) + BACK


def damaged() -> bytes:
    return package()[:-100] + b"x" + package()[-99:]


@pytest.mark.parametrize(
    "data",
    [damaged(), package()[:-1], package() + b"x", b"no package", package("another")],
)
def test_what_is_no_package_for_it_is_a_failure(data: bytes) -> None:
    bench = bench_of(data)
    assert bench.ask(f"AT+QWLANOTA={URL}") == BAD
    assert version(bench) == OLD
    assert system_sizes(bench) == {}
    check_record(bench)


def test_a_file_that_the_scenario_takes_for_a_package() -> None:
    outside = Outside({"5d41402abc4b2a76b9719d911017c592": "THEIRS"})
    bench = bench_of(b"hello", outside=outside)
    assert bench.ask(f"AT+QWLANOTA={URL}") == GOOD + BACK
    bench.ask("AT+QECHO=0")
    assert version(bench) == "THEIRS"


def test_one_that_does_not_fit() -> None:
    bench = bench_of(package(size=600_000))
    assert bench.ask(f"AT+QWLANOTA={URL}") == NOTHING
    assert version(bench) == OLD


@pytest.mark.parametrize(
    "url",
    [
        "http://ota.example/another",
        "http://ota.example:81/fw/fcm.bin",
        "http://elsewhere.example/fw/fcm.bin",
        "https://ota.example/fw/fcm.bin",
    ],
)
def test_where_there_is_nothing(url: str) -> None:
    bench = bench_of()
    assert bench.ask(f'AT+QWLANOTA="{url}"') == NOTHING
    assert bench.ask(f"AT+QWLANOTA={URL}") == GOOD + BACK, "another one may come"
    check_record(bench)


@pytest.mark.parametrize(
    "given", ['""', "", "ota.example/fw", "ftp://a:b@ota.example/x", "http://", "http://a b/", "x"]
)
def test_addresses_that_it_does_not_take(given: str) -> None:
    bench = bench_of()
    assert bench.ask(f"AT+QWLANOTA={given}") == ERROR
    assert bench.ask("AT+QWLANOTA") == bench.ask("AT+QWLANOTA?") == ERROR


def test_without_wifi() -> None:
    bench = bench_of()
    bench.ask("AT+QSTASTOP")
    assert bench.ask(f"AT+QWLANOTA={URL}") == ERROR
    bench = bench_of(device=profile(fota={"ota_offline": "failed"}))
    bench.ask("AT+QSTASTOP")
    assert bench.ask(f"AT+QWLANOTA={URL}") == NOTHING


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (DnsFailure(lookup=1), NOTHING),
        (ConnectRefused(connection=1), NOTHING),
        (LinkDown(at_byte=30_000), BAD),
        (LinkDown(at_byte=30_000, how="silence"), BAD),
    ],
)
def test_trouble_on_the_way(fault: Fault, said: bytes) -> None:
    bench = bench_of(faults=(fault,), file={"bytes_per_s": 20_000})
    assert bench.ask(f"AT+QWLANOTA={URL}") == said
    assert version(bench) == OLD
    assert bench.ask(f"AT+QWLANOTA={URL}") == GOOD + BACK
    check_record(bench)


def test_thrown_out_of_wifi_on_the_way() -> None:
    bench = bench_of(file={"bytes_per_s": 10_000})
    bench.send(f"AT+QWLANOTA={URL}\r".encode())
    bench.until(told("DOWNLOADING"))
    bench.rig.inject(bench.now_ns, WifiDeauth(at_ms=0))
    gone = urc("WLAN_DISCONNECTED") + told("DOWNLOAD_FAILED")
    assert bench.rest() == gone + urc("WLAN_CONNECTED") + urc("GOT_IP")


def test_a_restart_under_way_is_the_end_of_it() -> None:
    bench = bench_of(file={"bytes_per_s": 10_000})
    bench.send(f"AT+QWLANOTA={URL}\r".encode())
    bench.until(told("DOWNLOADING"))
    assert bench.ask("AT+QRST").endswith(OK + BACK)
    assert system_sizes(bench) == {}
    bench.ask("AT+QECHO=0")
    assert bench.ask(f"AT+QWLANOTA={URL}") == GOOD + BACK


@law(60)
@given(st.integers(0, 12_000))
def test_power_that_goes_leaves_one_of_the_two_firmwares(after_ms: int) -> None:
    """Whenever that is, the device starts, and what it says of its firmware is one of the two."""
    bench = bench_of(flash_mode=FlashMode.TYPICAL)
    bench.send(f"AT+QWLANOTA={URL}\r".encode())
    bench.run_for(ms(after_ms))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    bench.run_for(s(40))
    assert bench.rig.device.power == "on"
    bench.ask("AT+QECHO=0")
    has_it = told("DOWNLOAD_SUCCEED") in bytes(bench.output)
    now = version(bench)
    assert now in ((NEW, OLD) if has_it else (OLD,))
    assert system_sizes(bench) == {}
    if now == OLD:
        assert bench.ask(f"AT+QWLANOTA={URL}") == GOOD + BACK
        bench.ask("AT+QECHO=0")
        assert version(bench) == NEW
