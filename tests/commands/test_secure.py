"""+QSECWRITE, +QSECREAD, +QSECDEL: M95 FTPS Application Note V1.0, 2.4 to 2.6 and chapter 3."""

import pytest

from quecsim.flash.timing import FlashMode
from quecsim.flash.ufs import Ufs
from quecsim.rig import Rig, RigConfig
from quecsim.scenario.payload import payload_bytes
from quecsim.trace.event import DataEnd, FlashBusy, Lost
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, cme, info
from tests.device.m95 import m95, profile, shipped

CERTIFICATE = payload_bytes("certificate")
PLACES = pytest.mark.parametrize("name", ["NVRAM:CA0", "RAM:ca_cert.pem"])
NO_SPACE, TIMEOUT, NOT_FOUND, TOO_LARGE, EXISTS, INVALID = map(cme, range(4008, 4014))


def put(bench: Bench, name: str, data: bytes = CERTIFICATE, tail: str = "") -> bytes:
    return bench.upload(f'AT+QSECWRITE="{name}",{len(data)}{tail}', data)


def check(bench: Bench, name: str) -> bytes:
    return bench.ask(f'AT+QSECREAD="{name}"')


# forms


def test_the_test_and_read_forms() -> None:
    bench = m95()
    expected = info("+QSECWRITE: <filename>,<filesize>[,(3-200)]")
    assert bench.ask("AT+QSECWRITE=?") == expected
    assert bench.ask("AT+QSECREAD=?") == info("+QSECREAD: <filename>")
    assert bench.ask("AT+QSECDEL=?") == info("+QSECDEL: <filename>")
    for name in ("WRITE", "READ", "DEL"):
        assert bench.ask(f"AT+QSEC{name}?") == OK
        assert bench.ask(f"AT+QSEC{name}") == ERROR


# the way through


@PLACES
def test_a_certificate_is_stored_checked_and_deleted(name: str) -> None:
    """Real modules print 380d for these 1188 bytes."""
    bench = m95()
    assert put(bench, name, tail=",100") == info("+QSECWRITE: 1188,380d")
    assert check(bench, name) == info("+QSECREAD: 1,380d")
    assert bench.ask(f'AT+QSECDEL="{name}"') == OK
    assert check(bench, name) == NOT_FOUND
    assert bench.ask(f'AT+QSECDEL="{name}"') == NOT_FOUND
    bench.rig.check()


@pytest.mark.parametrize("slot", ["CA0", "CA1", "CC0", "CK0"])
def test_there_are_four_slots(slot: str) -> None:
    bench = m95()
    assert put(bench, f"NVRAM:{slot}") == info("+QSECWRITE: 1188,380d")
    assert check(bench, f"nvram:{slot.lower()}") == info("+QSECREAD: 1,380d")


@pytest.mark.parametrize(
    "name",
    ["NVRAM:CA2", "NVRAM:CC1", "NVRAM:", "RAM:", "UFS:ca.pem", "ca.pem", "SD:x", "RAM:a/b", ""],
)
def test_names_that_cannot_be(name: str) -> None:
    bench = m95()
    for command in (f'AT+QSECWRITE="{name}",10', f'AT+QSECREAD="{name}"', f'AT+QSECDEL="{name}"'):
        assert bench.ask(command) == INVALID


# sizes and room


@pytest.mark.parametrize(("name", "most"), [("NVRAM:CA0", 2017), ("RAM:ca.pem", 32_768)])
def test_the_longest_and_one_more(name: str, most: int) -> None:
    bench = m95()
    assert bench.ask(f'AT+QSECWRITE="{name}",{most + 1}') == TOO_LARGE
    assert bench.ask(f'AT+QSECWRITE="{name}",0') == INVALID
    assert put(bench, name, bytes(most)) == info(f"+QSECWRITE: {most},0")
    assert check(bench, name) == info("+QSECREAD: 1,0")


@PLACES
def test_one_byte(name: str) -> None:
    bench = m95()
    assert put(bench, name, b"A") == info("+QSECWRITE: 1,4100")


@PLACES
def test_what_is_there_must_be_deleted_first(name: str) -> None:
    bench = m95()
    put(bench, name)
    assert bench.ask(f'AT+QSECWRITE="{name}",5') == EXISTS
    assert bench.ask(f'AT+QSECWRITE="{name}",99999') == EXISTS
    assert check(bench, name) == info("+QSECREAD: 1,380d")


def test_ram_for_certificates_is_bounded() -> None:
    bench = m95(profile(secure={"ram_bytes": 33_000}))
    put(bench, "RAM:a.pem", bytes(32_000))
    assert bench.ask('AT+QSECWRITE="RAM:b.pem",1001') == NO_SPACE
    assert put(bench, "RAM:b.pem", bytes(1000)) == info("+QSECWRITE: 1000,0")


def test_a_full_flash_refuses_a_slot() -> None:
    bench = m95(contents={"big": bytes(236_000)})
    assert bench.ask('AT+QSECWRITE="NVRAM:CA0",2017') == NO_SPACE
    bench.ask('AT+QFDEL="big"')
    assert put(bench, "NVRAM:CA0") == info("+QSECWRITE: 1188,380d")


def test_a_flash_that_fills_up_meanwhile_loses_the_certificate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The room is looked at beforehand; when it is not enough after all, nothing is stored."""
    bench = m95(contents={"big": bytes(232_000)})
    monkeypatch.setattr(Ufs, "free_bytes", lambda _ufs: 1 << 20)
    bench.ask('AT+QFUPL="more",20000,1')  # an empty file and a time-out
    reply = b""
    for slot in ("CA0", "CA1", "CC0", "CK0"):
        reply = put(bench, f"NVRAM:{slot}", bytes(2017))
    assert reply == NO_SPACE
    assert check(bench, "NVRAM:CK0") == NOT_FOUND
    assert sum(lost.count for lost in bench.events(Lost) if lost.cause == "storage") >= 2017
    bench.rig.check()


# the end of the data


def test_the_time_out_is_100_s_and_starts_anew_with_each_byte() -> None:
    bench = m95()
    bench.send(b'AT+QSECWRITE="NVRAM:CA0",10\r')
    bench.until(b"CONNECT\r\n")
    bench.send(b"abcd", at_ns=bench.now_ns + s(90))
    last_ns = bench.now_ns + 4 * 10 * s(1) // 115_200
    assert bench.rest(s(200)) == info("+QSECWRITE: 4,206")
    (end,) = bench.events(DataEnd)
    assert (end.why, end.at_ns - last_ns < ms(200) + s(100)) == ("idle", True)
    assert end.at_ns - last_ns >= s(100) - ms(1)
    assert check(bench, "NVRAM:CA0") == info("+QSECREAD: 1,206")


@pytest.mark.parametrize("timeout", [3, 200])
def test_the_shortest_and_the_longest_time_out(timeout: int) -> None:
    bench = m95()
    bench.send(f'AT+QSECWRITE="RAM:a.pem",10,{timeout}\r'.encode())
    connected_ns = bench.until(b"CONNECT\r\n")
    bench.rest(s(300))
    (end,) = bench.events(DataEnd)
    assert abs(end.at_ns - connected_ns - s(timeout)) < ms(10)


@pytest.mark.parametrize("timeout", [0, 2, 201])
def test_other_time_outs_are_refused(timeout: int) -> None:
    assert m95().ask(f'AT+QSECWRITE="RAM:a.pem",10,{timeout}') == INVALID


@PLACES
def test_the_escape_ends_it_early_and_keeps_what_came(name: str) -> None:
    bench = m95()
    bench.send(f'AT+QSECWRITE="{name}",1188\r'.encode())
    bench.until(b"CONNECT\r\n")
    bench.send(b"ABC")
    bench.send(b"+++", at_ns=bench.now_ns + s(2))
    assert bench.rest() == info("+QSECWRITE: 3,242")
    assert check(bench, name) == info("+QSECREAD: 1,242")


@PLACES
def test_nothing_is_no_certificate(name: str) -> None:
    """A host that missed CONNECT escapes and begins anew: the name is still free."""
    bench = m95()
    bench.send(f'AT+QSECWRITE="{name}",1188\r'.encode())
    bench.until(b"CONNECT\r\n")
    bench.send(b"+++", at_ns=bench.now_ns + s(2))
    assert bench.rest() == info("+QSECWRITE: 0,0")
    assert check(bench, name) == NOT_FOUND
    assert put(bench, name) == info("+QSECWRITE: 1188,380d")


def test_the_time_out_can_be_an_error() -> None:
    bench = m95(profile(secure={"write_timeout": "cme421"}))
    bench.send(b'AT+QSECWRITE="RAM:a.pem",10,3\r')
    assert bench.rest().endswith(b"CONNECT\r\n" + TIMEOUT)


# secrecy


def test_the_file_commands_do_not_know_certificates() -> None:
    bench = m95()
    put(bench, "RAM:ca.pem")
    put(bench, "NVRAM:CA0")
    for pattern in ("*", "RAM:*", "UFS:*"):
        assert bench.ask(f'AT+QFLST="{pattern}"') == OK
    for name in ("RAM:ca.pem", "CA0", "nvram-ca0"):
        for command in (f'AT+QFDWL="{name}"', f'AT+QFOPEN="{name}",2', f'AT+QFDEL="{name}"'):
            assert bench.ask(command) == NOT_FOUND
    for command in ('AT+QFDWL="NVRAM:CA0"', 'AT+QFOPEN="NVRAM:CA0",2'):
        assert bench.ask(command) == INVALID
    assert bench.ask('AT+QFLDS="RAM"') == info("+QFLDS: 647668,647668,647668")


def test_a_file_and_a_certificate_of_one_name_are_two_things() -> None:
    bench = m95()
    put(bench, "RAM:a.pem")
    assert bench.upload('AT+QFUPL="RAM:a.pem",3', b"ABC") == info("+QFUPL: 3,242")
    bench.ask('AT+QFDEL="RAM:a.pem"')
    assert check(bench, "RAM:a.pem") == info("+QSECREAD: 1,380d")


def test_the_image_shows_nothing_of_a_certificate() -> None:
    bench = m95()
    put(bench, "NVRAM:CA0")
    image = image_of(bench)
    pieces = [CERTIFICATE[at : at + 16] for at in range(0, len(CERTIFICATE), 16)]
    assert not any(piece in image for piece in pieces)


# what stays


def image_of(bench: Bench) -> bytes:
    nor = bench.rig.nor
    return bytes(nor.read(0, nor.block_bytes * nor.block_count))


def with_image(image: bytes, seed: int) -> Bench:
    """Another run, of the same device."""
    bench = m95()
    config = RigConfig(ipr=115_200, seed=seed, flash_mode=FlashMode.INSTANT)
    bench.rig = Rig(shipped(), config, storage=bytearray(image))
    bench.rig.start()
    return bench


def test_a_restart_keeps_nvram_and_empties_ram() -> None:
    bench = m95()
    put(bench, "NVRAM:CA0")
    put(bench, "RAM:ca.pem")
    assert bench.ask("AT+CFUN=1,1").endswith(b"Call Ready\r\n")
    assert check(bench, "NVRAM:CA0") == info("+QSECREAD: 1,380d")
    assert check(bench, "RAM:ca.pem") == NOT_FOUND
    assert put(bench, "RAM:ca.pem") == info("+QSECWRITE: 1188,380d")


def test_the_image_keeps_certificates_and_their_key() -> None:
    bench = m95()
    put(bench, "NVRAM:CA0")
    assert check(with_image(image_of(bench), seed=77), "NVRAM:CA0") == info("+QSECREAD: 1,380d")


def test_damage_is_told() -> None:
    bench = m95()
    put(bench, "NVRAM:CA0")
    ufs = bench.rig.device.context.ufs
    blob = ufs.read_system("nvram-ca0")
    assert blob is not None
    ufs.write_system("nvram-ca0", blob[:100] + bytes((blob[100] ^ 1,)) + blob[101:])
    reply = check(bench, "NVRAM:CA0")
    assert reply.startswith(b"\r\n+QSECREAD: 0,")
    assert b"380d" not in reply
    assert bench.ask('AT+QSECDEL="NVRAM:CA0"') == OK


def test_the_key_of_another_device_opens_nothing() -> None:
    bench, other = m95(), m95(seed=2)
    put(bench, "NVRAM:CA0")
    put(other, "NVRAM:CA0")
    key = other.rig.device.context.ufs.read_system("vault.key")
    assert key is not None
    bench.rig.device.context.ufs.write_system("vault.key", key)
    assert check(bench, "NVRAM:CA0").startswith(b"\r\n+QSECREAD: 0,")


# power


@pytest.mark.parametrize("name", ["NVRAM:CA0", "RAM:ca_cert.pem"])
def test_a_power_cut_in_the_middle_of_the_data_leaves_nothing(name: str) -> None:
    bench = m95()
    bench.send(f'AT+QSECWRITE="{name}",1188\r'.encode())
    bench.until(b"CONNECT\r\n")
    bench.send(CERTIFICATE[:600])
    bench.run_for(s(1))
    bench.rig.cut_power(bench.now_ns)
    assert bench.rig.counters()["lost_power"] == 600
    assert bench.rig.counters()["stored"] == 0
    assert bench.rig.device.context.vault is not None
    assert bench.rig.device.context.vault.size(name) is None
    bench.rig.check()


def test_at_every_moment_of_the_storing_a_power_cut_leaves_all_or_none_of_it() -> None:
    """What is torn is an empty slot: QSECREAD says that it is not good, and it must be deleted."""
    bench = m95(flash_mode=FlashMode.TYPICAL)
    put(bench, "NVRAM:CA0")
    (data_end,) = bench.events(DataEnd)
    begin_ns = min(
        event.at_ns for event in bench.events(FlashBusy) if event.why == "storing the data"
    )
    outcomes = set()
    for step in range(21):
        bench = m95(flash_mode=FlashMode.TYPICAL)
        bench.send(b'AT+QSECWRITE="NVRAM:CA0",1188\r')
        bench.until(b"\r\nCONNECT\r\n")
        bench.send(CERTIFICATE)
        bench.run_to(begin_ns + (data_end.at_ns - begin_ns) * step // 20)
        bench.rig.cut_power(bench.now_ns)
        vault = bench.rig.device.context.vault
        assert vault is not None
        size, counters = vault.size("NVRAM:CA0"), bench.rig.counters()
        if size is not None:
            assert vault.check("NVRAM:CA0") == ((True, 0x380D) if size else (False, 0))
        assert counters["stored"] == (size or 0)
        assert counters["stored"] + counters["lost"] == 1188
        bench.rig.check()
        outcomes.add(size)
    assert outcomes == {None, 0, 1188}


def test_only_nvram_costs_flash_time() -> None:
    bench = m95(flash_mode=FlashMode.TYPICAL)
    put(bench, "RAM:ca.pem")
    assert not [event for event in bench.events(FlashBusy) if event.ops]
    put(bench, "NVRAM:CA0")
    assert [event for event in bench.events(FlashBusy) if event.ops]


def test_other_names_in_nvram_where_the_device_takes_them() -> None:
    """An answer of Quectel to a customer with an MC60 writes this name."""
    name = "NVRAM:ClientKey-private.pem"
    assert m95().ask(f'AT+QSECWRITE="{name}",10') == INVALID
    bench = m95(profile(secure={"slot_names": "any"}))
    assert put(bench, name) == info("+QSECWRITE: 1188,380d")
    assert check(bench, name) == info("+QSECREAD: 1,380d")
    assert put(bench, "NVRAM:client_key.pem", b"x") == info("+QSECWRITE: 1,7800")
    assert bench.ask(f'AT+QSECDEL="{name}"') == OK
    assert check(bench, "NVRAM:a b") == INVALID


def test_a_checksum_of_four_digits() -> None:
    bench = m95(profile(files={"checksum_padded": True}))
    assert put(bench, "RAM:a", b"\x0a\x31") == info("+QSECWRITE: 2,0a31")
    assert check(bench, "RAM:a") == info("+QSECREAD: 1,0a31")
