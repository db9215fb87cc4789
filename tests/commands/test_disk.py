"""The storage as a whole: +QFLDS, +QFLST, +QFDEL in every form."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, cme, info, profile
from tests.device.m95 import m95

FILES = {"a.pem": b"abc", "b.pem": b"defgh", "note[1].txt": b"", "B.PEM": b"x"}


@pytest.fixture
def bench() -> Bench:
    return Bench(contents=FILES)


# QFLDS


def test_space(bench: Bench) -> None:
    """BG96 FILE manual: free and total; captures of a BG770A and an EC20."""
    ufs = bench.rig.device.context.ufs
    expected = info(f"+QFLDS: {ufs.free_bytes()},{ufs.total_bytes}")
    for name in ('"UFS"', "UFS", '"ufs"', '"UFS:"'):
        assert bench.ask(f"AT+QFLDS={name}") == expected
    assert 0 < ufs.free_bytes() <= ufs.total_bytes < 1376 * 4096


def test_an_empty_storage_is_all_free() -> None:
    bench = Bench()
    free, total = (
        bench.ask('AT+QFLDS="UFS"').split(b"\r\n")[1].removeprefix(b"+QFLDS: ").split(b",")
    )
    assert free == total


def test_the_free_space_shrinks_by_what_is_stored() -> None:
    bench = Bench()
    before = bench.rig.device.context.ufs.free_bytes()
    bench.upload('AT+QFUPL="x",50000', bytes(50_000))
    after = bench.rig.device.context.ufs.free_bytes()
    assert 50_000 <= before - after <= 50_000 + 4096
    bench.ask('AT+QFDEL="x"')
    assert bench.rig.device.context.ufs.free_bytes() == before


def test_usage(bench: Bench) -> None:
    """BG96 FILE manual, execute form: bytes in files, and how many files."""
    assert bench.ask("AT+QFLDS") == info("+QFLDS: 9,4")
    assert Bench().ask("AT+QFLDS") == info("+QFLDS: 0,0")


def test_space_on_other_storages_and_odd_forms(bench: Bench) -> None:
    assert bench.ask("AT+QFLDS=?") == OK
    assert bench.ask("AT+QFLDS?") == ERROR
    for name in ('"SD"', '"x"', ""):
        assert bench.ask(f"AT+QFLDS={name}") == cme(400)


# QFLST


def line(name: str, size: int) -> str:
    return f'+QFLST: "UFS:{name}",{size}'


ALL = [line("a.pem", 3), line("b.pem", 5), line("note[1].txt", 0), line("B.PEM", 1)]


@pytest.mark.parametrize(
    "command",
    [
        "AT+QFLST",
        'AT+QFLST="*"',
        "AT+QFLST=*",
        'AT+QFLST="UFS:*"',
        'AT+QFLST="ufs:/*"',
        'AT+QFLST="UFS:"',
        'AT+QFLST="*.*"',
    ],
)
def test_all_files(bench: Bench, command: str) -> None:
    """BG96 FILE manual; the storage as an EG800K prints it, the order (of creation) an EC200U."""
    assert bench.ask(command) == info(*ALL)


@pytest.mark.parametrize(
    ("pattern", "lines"),
    [
        ("a.pem", [line("a.pem", 3)]),
        ("UFS:a.pem", [line("a.pem", 3)]),
        ("ufs:/a.pem", [line("a.pem", 3)]),
        ("*.pem", [line("a.pem", 3), line("b.pem", 5)]),
        ("UFS:?.pem", [line("a.pem", 3), line("b.pem", 5)]),
        ("b*", [line("b.pem", 5)]),
        ("note[1].txt", [line("note[1].txt", 0)]),
        ("note[1]*", [line("note[1].txt", 0)]),
    ],
)
def test_a_name_or_a_wildcard(bench: Bench, pattern: str, lines: list[str]) -> None:
    assert bench.ask(f'AT+QFLST="{pattern}"') == info(*lines)


def test_a_wildcard_without_match_is_just_ok(bench: Bench) -> None:
    assert bench.ask('AT+QFLST="*.key"') == OK
    assert Bench().ask('AT+QFLST="*"') == OK
    assert Bench().ask("AT+QFLST") == OK


def test_a_name_without_match_is_417(bench: Bench) -> None:
    """Two host libraries wait for that; fwupd takes any error as "not there"."""
    assert bench.ask('AT+QFLST="UFS:c.pem"') == cme(417)
    bench.ask("AT+CMEE=2")
    assert bench.ask('AT+QFLST="UFS:c.pem"') == cme(417), "EC200U: a number all the same"


def test_firmware_that_says_405_or_ok_to_that() -> None:
    assert Bench(profile(files={"missing_list": "file_not_found"})).ask('AT+QFLST="c.pem"') == cme(
        405
    )
    assert Bench(profile(files={"missing_list": "ok"})).ask('AT+QFLST="c.pem"') == OK


def test_the_order_is_that_of_creation_or_of_the_names() -> None:
    """A published log of an EC200U shows the first."""
    for order, names in (("created", ("z", "b", "a")), ("name", ("a", "b", "z"))):
        bench = Bench(profile(files={"list_order": order}), contents={"z": b"", "b": b""})
        bench.upload('AT+QFUPL="a",1', b"x")
        lines = [line(name, len(b"x" * (name == "a"))) for name in names]
        assert bench.ask("AT+QFLST") == info(*lines)


def test_a_file_that_is_made_again_is_the_newest() -> None:
    bench = Bench(contents={"a": b"", "b": b""})
    bench.ask('AT+QFDEL="a"')
    bench.upload('AT+QFUPL="a",1', b"x")
    bench.ask('AT+QFOPEN="b",1')  # this makes no new one
    assert bench.ask("AT+QFLST") == info(line("b", 0), line("a", 1))


def test_the_order_is_known_after_a_restart() -> None:
    bench = Bench(contents={"b": b"", "a": b""})
    bench.ask("AT+CFUN=1,1")
    assert bench.ask("AT+QFLST").endswith(info(line("b", 0), line("a", 0)))


def test_what_was_on_an_image_is_older_than_what_is_made() -> None:
    before = Bench(contents={"b": b"1", "a": b"1"})
    bench = Bench(image=before.image(), contents={"0": b"1"})
    bench.ask('AT+QFOPEN="a"')
    assert bench.ask("AT+QFLST") == info(line("a", 1), line("b", 1), line("0", 1))


def test_the_storage_of_the_asr_class_is_280_kib() -> None:
    """EG800K logs: 180224,286720."""
    bench = Bench(load_profile("ec200t"), contents={"x": bytes(106_496)})
    assert bench.ask('AT+QFLDS="UFS"') == info("+QFLDS: 180224,286720")
    assert bench.ask('AT+QFUPL="y",180225') == cme(423)
    assert b"+QFUPL: 180224," in bench.upload('AT+QFUPL="y",180224,5', bytes(180_224))
    assert bench.ask('AT+QFLDS="UFS"') == info("+QFLDS: 0,286720")
    assert bench.ask('AT+QFOPEN="z",0') == info("+QFOPEN: 3000")
    assert bench.upload("AT+QFWRITE=3000,10,5", bytes(10)) == cme(420)
    assert bench.ask("AT+QFCLOSE=3000") == OK
    assert bench.ask('AT+QFDEL="y"') == OK
    bench.ask('AT+QFOPEN="z",0')
    assert bench.upload("AT+QFWRITE=3000,180225,5", bytes(180_225)).endswith(cme(420))
    assert dict(bench.rig.device.context.ufs.listing())["z"] == 180_224
    bench.rig.check()


def test_bad_names_are_406(bench: Bench) -> None:
    for name in ("../a", "RAM:a/b", "RAM:a/*", "SD:*", "sd:?", "n" * 81, "n" * 255):
        assert bench.ask(f'AT+QFLST="{name}"') == cme(406)
    assert bench.ask(f'AT+QFLST="{"n" * 256}"') == cme(400)


def test_list_forms(bench: Bench) -> None:
    """Capture of a BG770A: the test command answers a bare OK."""
    assert bench.ask("AT+QFLST=?") == OK
    assert bench.ask("AT+QFLST?") == ERROR


def test_a_family_that_lists_without_the_storage() -> None:
    """BG95 and BG770A do."""
    bench = Bench(profile(files={"list_prefix": False}), contents={"a.pem": b"abc"})
    assert bench.ask("AT+QFLST") == info('+QFLST: "a.pem",3')


def test_the_size_of_an_open_file_is_what_was_written(bench: Bench) -> None:
    bench.ask('AT+QFOPEN="a.pem"')
    bench.upload("AT+QFWRITE=1027,10", b"0123456789")
    assert bench.ask('AT+QFLST="a.pem"') == info(line("a.pem", 10))


# QFDEL


@pytest.mark.parametrize("written", ['"a.pem"', "a.pem", '"UFS:a.pem"', '"ufs:/a.pem"'])
def test_delete(bench: Bench, written: str) -> None:
    assert bench.ask(f"AT+QFDEL={written}") == OK
    assert bench.names() == ["B.PEM", "b.pem", "note[1].txt"]


@pytest.mark.parametrize("written", ['"*"', "*", '"UFS:*"', '"ufs:/*"'])
def test_delete_all(bench: Bench, written: str) -> None:
    assert bench.ask(f"AT+QFDEL={written}") == OK
    assert bench.names() == []
    assert bench.ask(f"AT+QFDEL={written}") == OK, "nothing to delete is no error"


def test_delete_what_is_not_there_is_418(bench: Bench) -> None:
    """EC25 logs. Hosts ignore it before an upload."""
    assert bench.ask('AT+QFDEL="c.pem"') == cme(418)
    other = Bench(profile(files={"missing_delete": "file_not_found"}))
    assert other.ask('AT+QFDEL="c.pem"') == cme(405)
    bench.ask("AT+CMEE=0")
    assert bench.ask('AT+QFDEL="c.pem"') == ERROR


@pytest.mark.parametrize("name", ["*.pem", "../a.pem", "RAM:d/*", "SD:*", "SD:a", ""])
def test_delete_takes_no_pattern_and_no_other_storage(bench: Bench, name: str) -> None:
    assert bench.ask(f'AT+QFDEL="{name}"') == cme(406)
    assert len(bench.names()) == 4


def test_an_open_file_cannot_be_deleted(bench: Bench) -> None:
    assert bench.ask('AT+QFOPEN="a.pem",2') == info("+QFOPEN: 1027")
    assert bench.ask('AT+QFDEL="a.pem"') == cme(418)
    assert bench.ask('AT+QFDEL="*"') == cme(418)
    assert len(bench.names()) == 4, "nothing goes when one cannot"
    assert bench.ask("AT+QFCLOSE=1027") == OK
    assert bench.ask('AT+QFDEL="*"') == OK


def test_delete_forms(bench: Bench) -> None:
    assert bench.ask("AT+QFDEL=?") == info("+QFDEL: <filename>")
    assert bench.ask("AT+QFDEL") == ERROR
    assert bench.ask("AT+QFDEL?") == ERROR
    assert bench.ask("AT+QFDEL=") == cme(400)
    assert bench.ask('AT+QFDEL="a.pem","b.pem"') == cme(400)


# RAM, where a device has it


def test_ram_shows_a_third_number() -> None:
    """M95 host library: +QFLDS: 340168,647668,340168 and +QFLST: "RAM:test.txt",1379,10240."""
    bench = m95()
    bench.upload('AT+QFUPL="RAM:test.txt",10240,1', bytes(1379))
    bench.upload('AT+QFUPL="RAM:b.txt",3', b"ABC")
    assert bench.ask('AT+QFLDS="RAM"') == info("+QFLDS: 637425,647668,637425")
    lines = ['+QFLST: "RAM:b.txt",3,3', '+QFLST: "RAM:test.txt",1379,10240']
    assert bench.ask('AT+QFLST="RAM:*"') == info(*lines)
    assert bench.ask('AT+QFLST="ram:test.txt"') == info(lines[1])
    assert bench.ask("AT+QFLST") == OK
    assert bench.ask('AT+QFLST="RAM:none"') == cme(4010)


def test_ram_and_flash_are_apart() -> None:
    bench = m95(contents={"a.txt": b"on the flash"})
    bench.upload('AT+QFUPL="RAM:a.txt",3', b"ABC")
    assert bench.ask("AT+QFLST") == info('+QFLST: "a.txt",12')
    assert bench.ask('AT+QFDEL="RAM:*"') == OK
    assert bench.ask('AT+QFLST="RAM:*"') == OK
    assert bench.file("a.txt") == b"on the flash"


def test_a_restart_empties_ram() -> None:
    bench = m95(contents={"a.txt": b"on the flash"})
    bench.upload('AT+QFUPL="RAM:a.txt",3', b"ABC")
    bench.ask("AT+CFUN=1,1")
    assert bench.ask('AT+QFLST="RAM:*"') == OK
    assert bench.ask("AT+QFLST") == info('+QFLST: "a.txt",12')


def test_a_device_without_ram_has_no_such_storage() -> None:
    bench = Bench(profile(files={"storages": ("UFS",), "ram_bytes": 0}))
    assert bench.ask('AT+QFLDS="RAM"') == cme(400)
    assert bench.ask('AT+QFLST="RAM:x"') == cme(406)
