"""AT+QFOTADL from a server: the download, what it costs others, and how it ends by what cause."""

from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.border import Failed, Opened, Peer, TlsWish
from quecsim.faults import Fault
from quecsim.faults.kinds.connect_refused import ConnectRefused
from quecsim.faults.kinds.connect_silence import ConnectSilence
from quecsim.faults.kinds.dns_failure import DnsFailure
from quecsim.faults.kinds.link_down import LinkDown
from quecsim.flash.timing import FlashMode
from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpFile, FtpSettings, FtpTrouble
from quecsim.peers.http_server import HttpServer
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.peers.served import Offer, Served
from quecsim.profiles.schema import Profile
from quecsim.run.replay import replay
from quecsim.testing.command_lines import valid_lines
from quecsim.tls.authority import server_tls
from quecsim.tls.outcome import news_of
from quecsim.tls.server import ServerTls
from quecsim.trace import event as ev
from quecsim.units import ms, s
from tests.commands.fota import (
    TARGET,
    boot_texts,
    device,
    package,
    revision,
    system_sizes,
    urc,
    urcs,
)
from tests.device.bench import ERROR, OK, Bench, info
from tests.laws.driver import law

PACKAGE = package(device())
FTP = "ftp://test:secret@fota.example:2121/package.bin"
HTTP = "http://fota.example:8080/fw/package.bin"
URLS = {"FTP": FTP, "HTTP": HTTP}
DEVICES = ("ec200t", "ec200s", "eg912y", "uc200t", "ec200u")
NEWER = ("ec200t", "ec200s", "eg912y", "ec200u")
UPDATED = urc("START") + urcs("UPDATING", range(1, 101)) + urc("END", 0)


def servers(
    data: bytes = PACKAGE, http: dict[str, Any] | None = None, **settings: dict[str, Any]
) -> Served:
    """An HTTP and an FTP server with the package; `http` is what its file is like there."""
    file = HttpFile(**{"base64": data, **(http or {})})
    web = HttpSettings(**{"files": {"/fw/package.bin": file}, **settings.get("web", {})})
    ftp = {"users": {"test": "secret"}, "files": {"/package.bin": FtpFile(base64=data)}}
    return Served(
        {
            ("fota.example", 8080): Offer(HttpServer(web), "192.0.2.10"),
            ("fota.example", 2121): Offer(
                FtpServer(FtpSettings(**{**ftp, **settings.get("ftp", {})})), "192.0.2.10"
            ),
        }
    )


def bench_of(profile: Profile, peer: Peer | None = None, **config: Any) -> Bench:
    bench = Bench(profile, peer=peer or servers(), **config)
    bench.ask("ATE0")
    return bench


def downloaded(url: str, arguments: str = "", **options: Any) -> bytes:
    """All that comes of it, on an EC200T."""
    return bench_of(device(), **options).ask(f'AT+QFOTADL="{url}"{arguments}')


# the whole of it


@pytest.mark.parametrize("word", URLS)
@pytest.mark.parametrize("name", DEVICES)
def test_a_package_is_downloaded_and_installed(name: str, word: str) -> None:
    profile = device(name)
    bench = bench_of(profile, servers(package(profile)))
    said = bench.ask(f'AT+QFOTADL="{URLS[word]}"')
    ended = urc(f"{word}START") + urc(f"{word}END", 0)
    assert said == OK + ended + UPDATED + boot_texts(profile)
    assert revision(bench) == TARGET
    assert system_sizes(bench) == {}


@pytest.mark.parametrize("word", URLS)
@pytest.mark.parametrize("name", NEWER)
def test_the_restart_may_come_first(name: str, word: str) -> None:
    profile = device(name)
    bench = bench_of(profile, servers(package(profile)))
    said = bench.ask(f'AT+QFOTADL="{URLS[word]}",0')
    assert said == (OK + urc(f"{word}START") + urc(f"{word}END", 0) + UPDATED + boot_texts(profile))
    powers = [event.why for event in bench.events(ev.Power)]
    assert powers.count("restart") == 2
    assert revision(bench) == TARGET


@pytest.mark.parametrize("most", [5, 50, 100])
@pytest.mark.parametrize("word", URLS)
def test_progress_counts_up_to_what_was_asked_for(word: str, most: int) -> None:
    said = downloaded(URLS[word], f",1,{most},0")
    numbers = urcs("DOWNLOADING", range(1, most + 1))
    assert said.startswith(OK + urc(f"{word}START") + numbers + urc(f"{word}END", 0))
    assert b"UPDATING" not in said


def test_an_ec200u_counts_in_percent() -> None:
    bench = bench_of(device("ec200u"), servers(package(device("ec200u"))))
    said = bench.ask(f'AT+QFOTADL="{HTTP}",1,50')
    assert urc("HTTPSTART") + urcs("DOWNLOADING", range(2, 101, 2)) + urc("HTTPEND", 0) in said


def test_progress_is_even_in_bytes() -> None:
    data = package(device(), 100_000)
    bench = bench_of(device(), servers(data, {"bytes_per_s": 10_000}))
    bench.send(f'AT+QFOTADL="{HTTP}",1,10\r'.encode())
    times = [bench.until(urc("DOWNLOADING", number)) for number in range(1, 11)]
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert all(gap == pytest.approx(s(len(data)) // 100_000, rel=0.15) for gap in gaps)


@pytest.mark.parametrize("framing", ["chunked", "close"])
def test_a_server_that_does_not_say_how_long_it_is(framing: str) -> None:
    said = downloaded(HTTP, ",1,50", peer=servers(http={"framing": framing}))
    start = urc("HTTPSTART") + urc("DOWNLOADING", 50) + urc("HTTPEND", 0)
    assert said.startswith(OK + start + UPDATED)


@pytest.mark.parametrize("without", [("SIZE",), ("EPSV",), ("FEAT", "SIZE", "REST")])
def test_an_ftp_server_that_knows_little(without: tuple[str, ...]) -> None:
    peer = servers(ftp={"without": without})
    assert urc("FTPEND", 0) + UPDATED in downloaded(FTP, ",1,5", peer=peer)


def _handshake(tls: ServerTls, wish: TlsWish, host: str) -> Opened | Failed:
    return news_of(wish, host, tls)


def test_https_is_not_checked() -> None:
    web = HttpSettings(files={"/a": HttpFile(base64=PACKAGE)})
    for kind in ("valid", "expired", "self-signed", "wrong-name"):
        offer = Offer(HttpServer(web), "192.0.2.10", partial(_handshake, server_tls(kind)))
        peer = Served({("fota.example", 443): offer})
        assert urc("HTTPEND", 0) in downloaded("https://fota.example/a", peer=peer)
    plain = Served({("fota.example", 443): Offer(HttpServer(web), "192.0.2.10")})
    assert downloaded("https://fota.example/a", peer=plain).endswith(urc("HTTPEND", 716))


# meanwhile


@pytest.mark.parametrize("word", URLS)
def test_commands_are_answered_meanwhile_and_another_upgrade_is_refused(word: str) -> None:
    peer = servers(http={"bytes_per_s": 2000}, ftp={"bytes_per_s": 2000})
    bench = bench_of(device(), peer)
    bench.send(f'AT+QFOTADL="{URLS[word]}"\r'.encode())
    bench.until(urc(f"{word}START"))
    for url in (FTP, HTTP, "FILE:1000", "UFS:x.bin"):
        assert _asked(bench, f'AT+QFOTADL="{url}"') == ERROR
    assert _asked(bench, 'AT+QFOTADL="FILE:1000",2') == ERROR
    assert _asked(bench, "AT+CSQ") == info("+CSQ: 24,99")
    assert bench.rest() == urc(f"{word}END", 0) + UPDATED + boot_texts(device())
    assert [one.is_accepted for one in bench.events(ev.ClientAsked)] == [True] + [False] * 5


def _asked(bench: Bench, line: str) -> bytes:
    bench.send(f"{line}\r".encode())
    return bench.run_for(ms(300))


def test_after_one_that_failed_another_one_may_come() -> None:
    bench = bench_of(device())
    assert bench.ask(f'AT+QFOTADL="{HTTP}x"').endswith(urc("HTTPEND", 723))
    assert urc("FTPEND", 0) in bench.ask(f'AT+QFOTADL="{FTP}"')
    assert revision(bench) == TARGET


def test_a_command_that_runs_as_the_download_ends_is_done_before_the_upgrade() -> None:
    bench = bench_of(device(), servers(http={"bytes_per_s": 10_000}))
    bench.send(f'AT+QFOTADL="{HTTP}"\r'.encode())
    bench.until(urc("HTTPSTART"))
    bench.send(b'AT+QFUPL="x",10,60\r')
    bench.until(b"CONNECT\r\n")
    assert bench.run_for(s(30)) == b""
    bench.send(bytes(10))
    bench.until(OK)
    assert bench.rest() == urc("HTTPEND", 0) + UPDATED + boot_texts(device())


@pytest.mark.parametrize("is_downloading", [False, True])
def test_the_flash_of_a_download_costs_a_host_without_flow_control_its_bytes(
    is_downloading: bool,
) -> None:
    """The flash at its slowest is just fast enough for the host's file, and not for two."""
    profile = device()
    upload = bytes(range(256)) * 200
    bench = bench_of(profile, servers(package(profile, 300_000)), flash_mode=FlashMode.WORST)
    if is_downloading:
        bench.send(f'AT+QFOTADL="{HTTP}"\r'.encode())
        bench.until(urc("HTTPSTART"))
    bench.send(f'AT+QFUPL="x",{len(upload)},5\r'.encode())
    bench.until(b"CONNECT\r\n")
    bench.send(upload)
    bench.run_for(s(20))
    lost = bench.events(ev.Lost)
    assert bool(lost) == is_downloading
    assert all("stored the package" in one.doing or "data" in one.doing for one in lost)
    assert not is_downloading or any("stored the package" in one.doing for one in lost)


# what ends it, and with which number

FULL = 729  # that is the device's own matter

HTTP_ENDS: dict[str, tuple[int, dict[str, Any]]] = {
    "the name does not resolve": (714, {"faults": (DnsFailure(),)}),
    "nobody listens": (716, {"faults": (ConnectRefused(),)}),
    "nobody answers": (716, {"faults": (ConnectSilence(),)}),
    "nothing there": (723, {"peer": servers(web={"files": {}})}),
    "elsewhere": (723, {"peer": servers(http={"base64": b"", "redirect": "/b"})}),
    "an error of the server's": (723, {"peer": servers(web={"refuse": 503})}),
    "too short": (719, {"peer": servers(http={"ends_after_bytes": 9000})}),
    "broken off": (717, {"peer": servers(http={"ends_after_bytes": 9000, "ends": "reset"})}),
    "silence before": (728, {"peer": servers(http={"delay_ms": 3_600_000})}),
    "shorter than it says": (719, {"peer": servers(http={"says_bytes": 30_000})}),
    "silence in the middle": (722, {"faults": (LinkDown(at_byte=9000, how="silence"),)}),
    "no HTTP": (721, {"peer": servers(b"hello\r\nworld\r\n\r\n", {"bare": True})}),
    "the bearer goes before": (710, {"loses_after_ms": 1530}),
    "the bearer goes": (709, {"loses_after_ms": 4000}),
    "larger than the flash": (729, {"peer": servers(http={"says_bytes": 1 << 30})}),
    "endless": (729, {"peer": servers(http={"endless": True})}),
}


@pytest.mark.parametrize("why", HTTP_ENDS)
def test_how_http_ends(why: str) -> None:
    number, options = HTTP_ENDS[why]
    _check_end(HTTP, "HTTP", number, **options)


FTP_ENDS: dict[str, tuple[int, dict[str, Any]]] = {
    "the name does not resolve": (604, {"faults": (DnsFailure(),)}),
    "nobody listens": (605, {"faults": (ConnectRefused(),)}),
    "nobody answers": (609, {"faults": (ConnectSilence(),)}),
    "wrong password": (625, {"peer": servers(ftp={"users": {"test": "other"}})}),
    "no such file": (627, {"peer": servers(ftp={"files": {}})}),
    "not for you": (627, {"peer": servers(ftp={"denied": ("/package.bin",)})}),
    **{
        f"{reply} to {at}": (
            number,
            {"peer": servers(ftp={"trouble": (FtpTrouble(at=at, reply=f"{reply} no"),)})},
        )
        for at, reply, number in (
            ("CONNECT", 421, 614),
            ("USER", 530, 625),
            ("PASS", 532, 626),
            ("RETR", 450, 617),
            ("RETR", 451, 618),
            ("RETR", 425, 615),
            ("RETR", 553, 630),
            ("RETR", 502, 622),
        )
    },
    "no data connection": (
        615,
        {"peer": servers(ftp={"trouble": (FtpTrouble(at="PASV", data="refused"),)})},
    ),
    "426 in the middle": (
        616,
        {"peer": servers(ftp={"trouble": (FtpTrouble(at="RETR", after_bytes=9000),)})},
    ),
    "silence in the middle": (
        609,
        {"peer": servers(ftp={"trouble": (FtpTrouble(at="RETR", after_bytes=9, silent=True),)})},
    ),
    "silence": (609, {"peer": servers(ftp={"trouble": (FtpTrouble(at="USER", silent=True),)})}),
    "goodbye": (608, {"peer": servers(ftp={"trouble": (FtpTrouble(at="USER", ends="fin"),)})}),
    "the link breaks": (616, {"faults": (LinkDown(at_byte=9000, how="reset"),)}),
    "broken off, and all is well": (
        607,
        {
            "peer": servers(
                ftp={
                    "trouble": (
                        FtpTrouble(at="RETR", after_bytes=9000, data="reset", reply="226 done"),
                    )
                }
            )
        },
    ),
    "the bearer goes": (605, {"loses_after_ms": 4000}),
}


@pytest.mark.parametrize("why", FTP_ENDS)
def test_how_ftp_ends(why: str) -> None:
    number, options = FTP_ENDS[why]
    _check_end(FTP, "FTP", number, **options)


def _check_end(
    url: str,
    word: str,
    number: int,
    *,
    peer: Served | None = None,
    faults: tuple[Fault, ...] = (),
    loses_after_ms: int = 0,
) -> None:
    slow = servers(http={"bytes_per_s": 2000}, ftp={"bytes_per_s": 2000})
    bench = bench_of(device(), peer or slow, faults=faults)
    bench.send(f'AT+QFOTADL="{url}",1,5\r'.encode())
    said = b""
    if loses_after_ms:
        said = bench.run_for(ms(loses_after_ms))
        bench.rig.lose_bearer(bench.now_ns)
    said += bench.rest(s(4000))
    assert said.startswith(OK + urc(f"{word}START"))
    assert urc(f"{word}END", number) in said
    assert b'"START"' not in said
    assert revision(bench) == device().identity.revision
    assert system_sizes(bench) == {}
    result = bench.events(ev.ClientResult)[-1]
    assert (result.client, result.command, result.code) == (
        "firmware download",
        "+QFOTADL",
        number,
    )
    assert result.words
    assert bool(result.why) == (number != FULL)
    bench.rig.check()


@pytest.mark.parametrize(
    ("url", "word", "number"),
    [
        ("http://", "HTTP", 712),
        ("HTTPS://", "HTTP", 712),
        ("http://fota .example/x", "HTTP", 711),
        ("http://-fota.example/x", "HTTP", 711),
        ("http://300.1.2.3/x", "HTTP", 713),
        ("ftp://", "FTP", 610),
        ("ftp://u:p@fota .example/x", "FTP", 610),
        ("ftp://u%:p@fota.example/x", "FTP", 610),
    ],
)
def test_an_address_that_there_cannot_be(url: str, word: str, number: int) -> None:
    assert downloaded(url) == OK + urc(f"{word}START") + urc(f"{word}END", number)


@pytest.mark.parametrize(("word", "number"), [("FTP", 605), ("HTTP", 710)])
def test_without_a_network(word: str, number: int) -> None:
    said = downloaded(URLS[word], has_network=False)
    assert said == OK + urc(f"{word}START") + urc(f"{word}END", number)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (PACKAGE[:9_000] + bytes([PACKAGE[9_000] ^ 1]) + PACKAGE[9_001:], 506),
        (bytes(5_000), 506),
        (b"", 506),
        (package(device(), source="EC200TCNTCNMAR02A00M16"), 504),
    ],
    ids=["damaged", "no package", "empty", "of another firmware"],
)
@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("word", URLS)
def test_a_package_that_is_not_for_us(word: str, mode: int, data: bytes, error: int) -> None:
    bench = bench_of(device(), servers(data, {"content_type": "x/y"}))
    said = bench.ask(f'AT+QFOTADL="{URLS[word]}",{mode}')
    head = OK + urc(f"{word}START") + urc(f"{word}END", 0)
    assert said == head + urc("START") + urc("END", error) + boot_texts(device())
    assert revision(bench) == device().identity.revision
    assert system_sizes(bench) == {}


# settings


def _changed(part: str, **values: object) -> Profile:
    """The EC200T with that changed."""
    return replace(device(), **{part: replace(getattr(device(), part), **values)})


def test_the_context_is_that_of_fota_cid() -> None:
    bench = bench_of(device())
    for line in ('AT+QICSGP=2,1,"cmnet","","",1', 'AT+QFOTA="fota/cid",2', "AT+QIACT=2"):
        assert bench.ask(line) == OK
    bench.send(f'AT+QFOTADL="{HTTP}"\r'.encode())
    bench.until(urc("HTTPEND", 0))
    assert bench.rig.device.context.bearer.used == {2}


def test_a_context_is_activated_where_the_device_does_that() -> None:
    assert urc("HTTPEND", 0) in downloaded(HTTP)
    bench = bench_of(_changed("tcpip", implicit_activation=False))
    assert bench.ask(f'AT+QFOTADL="{HTTP}"').endswith(urc("HTTPEND", 710))
    assert bench.ask("AT+QIACT=1") == OK
    assert urc("HTTPEND", 0) in bench.ask(f'AT+QFOTADL="{HTTP}"')


def test_an_ec200u_whose_path_is_no_storage_ends_at_once() -> None:
    profile = device("ec200u")
    bench = bench_of(profile, servers(package(profile)))
    assert bench.ask('AT+QCFG="fota/path"') == info('+QCFG: "fota/path","UFS:"')
    assert bench.ask('AT+QCFG="fota/path","UFS"') == OK
    said = bench.ask(f'AT+QFOTADL="{HTTP}"')
    assert said == OK + urc("HTTPSTART") + urc("HTTPEND", 608)
    assert bench.ask('AT+QCFG="fota/path","UFS:"') == OK
    assert urc("HTTPEND", 0) in bench.ask(f'AT+QFOTADL="{HTTP}"')


def test_the_other_spelling_of_the_end_is_a_quirk() -> None:
    said = bench_of(_changed("fota", http_end="HTTPEnd")).ask(f'AT+QFOTADL="{HTTP}"')
    assert urc("HTTPSTART") + urc("HTTPEnd", 0) + urc("START") in said


# power


@pytest.mark.parametrize("word", URLS)
@pytest.mark.parametrize("after_ms", [500, 1_500, 2_500, 9_000])
def test_power_that_goes_in_the_middle(word: str, after_ms: int) -> None:
    peer = servers(http={"bytes_per_s": 2000}, ftp={"bytes_per_s": 2000})
    bench = bench_of(device(), peer, flash_mode=FlashMode.TYPICAL)
    bench.send(f'AT+QFOTADL="{URLS[word]}",1,50\r'.encode())
    bench.until(OK)
    bench.run_for(ms(after_ms))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    assert bench.rest() == boot_texts(device())
    bench.ask("ATE0")
    assert revision(bench) == device().identity.revision
    assert system_sizes(bench) == {}
    bench.run_for(s(10))
    bench.ask(f'AT+QFOTADL="{URLS[word]}"')
    assert revision(bench) == TARGET


@law(25)
@given(
    at_ms=st.integers(0, 12_000),
    what=st.sampled_from(["cut_power", "lose_bearer", "lose_registration", "nothing"]),
    word=st.sampled_from(sorted(URLS)),
    mode=st.sampled_from([0, 1]),
)
def test_whatever_happens_the_device_has_a_firmware_and_the_record_repeats(
    at_ms: int, what: str, word: str, mode: int
) -> None:
    """Until the upgrade itself begins, nothing can break the device."""
    peer = servers(http={"bytes_per_s": 3000}, ftp={"bytes_per_s": 3000})
    bench = bench_of(device(), peer, flash_mode=FlashMode.TYPICAL)
    bench.send(f'AT+QFOTADL="{URLS[word]}",{mode},20\r'.encode())
    bench.run_for(ms(at_ms))
    has_begun = urc("START") in bytes(bench.output)
    if what != "nothing":
        getattr(bench.rig, what)(bench.now_ns)
    bench.rest()
    bench.rig.check()
    assert bench.rig.device.power.value != "dead" or has_begun
    bench.rig.finish(bench.now_ns)
    assert replay(bench.record()).is_same


@law(25)
@given(
    line=st.sampled_from(sorted(valid_lines("ec200t"))),
    at_ms=st.integers(0, 9_000),
    word=st.sampled_from(sorted(URLS)),
)
def test_any_command_may_come_meanwhile(line: bytes, at_ms: int, word: str) -> None:
    """The download goes on, or ends with the device's radio or power; the firmware is whole."""
    peer = servers(http={"bytes_per_s": 4000}, ftp={"bytes_per_s": 4000})
    bench = bench_of(device(), peer, flash_mode=FlashMode.TYPICAL)
    bench.send(f'AT+QFOTADL="{URLS[word]}"\r'.encode())
    bench.run_for(ms(at_ms))
    bench.send(line + b"\r")
    bench.rest(s(200))
    if bench.rig.device.phase.name == "DATA":
        bench.send(bytes(3000) + b"\x1a")
    bench.rest(s(200))
    bench.rig.check()
    assert bench.rig.device.power.value in ("on", "off")
    ends = [one.number for one in bench.events(ev.UpgradeStep) if one.step == "END"]
    starts = [one for one in bench.events(ev.UpgradeStep) if one.step == "START"]
    assert len(ends) == len(starts) <= 1
    assert ends in ([], [0])
    bench.rig.finish(bench.now_ns)
    assert replay(bench.record()).is_same
