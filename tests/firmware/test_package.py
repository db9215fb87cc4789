"""Packages: what is built is whole, what is damaged is noticed, however it arrives in pieces."""

from hashlib import md5
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.firmware.package import (
    Manifest,
    PackageChecker,
    PackageHeader,
    build_package,
    is_revision,
)

SOURCE, TARGET = "EC200TCNHAR02A08M16", "EC200TCNHAR02A09M16"
PAYLOAD = bytes(range(256)) * 20
PACKAGE = build_package(PAYLOAD, SOURCE, TARGET)

REVISIONS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=80)
PAYLOADS = st.binary(min_size=1, max_size=3_000)


def checked(data: bytes, accepted: dict[str, str] | None = None) -> PackageChecker:
    checker = PackageChecker(accepted or {})
    checker.update(data)
    return checker


def framed(header: bytes, payload: bytes = b"x") -> bytes:
    """A package with a right digest and any header."""
    body = b"QSFOTA01" + len(header).to_bytes(2, "big") + header + payload
    return body + md5(body).digest()


@given(PAYLOADS, REVISIONS, REVISIONS)
def test_a_whole_package_tells_what_it_does(payload: bytes, source: str, target: str) -> None:
    checker = checked(build_package(payload, source, target))
    assert checker.result() == Manifest(source, target)
    assert checker.header() == PackageHeader(source, target, len(payload))


def test_the_layout_is_as_documented() -> None:
    package = build_package(b"payload", "A", "B")
    header = b'{"source":"A","target":"B","payload_bytes":7}'
    assert package[:8] == b"QSFOTA01"
    assert package[8:10] == len(header).to_bytes(2, "big")
    assert package[10:-16] == header + b"payload"
    assert package[-16:] == md5(package[:-16]).digest()


@settings(deadline=None)
@given(st.data(), PAYLOADS, st.booleans())
def test_chunks_make_no_difference(data: st.DataObject, payload: bytes, is_whole: bool) -> None:
    package = build_package(payload, SOURCE, TARGET)[: None if is_whole else -1]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(package)), max_size=12)))
    checker = PackageChecker({})
    for start, end in pairwise([0, *cuts, len(package)]):
        checker.update(memoryview(package)[start:end])
        checker.result()  # asking early changes nothing
    one = checked(package)
    assert (checker.result() is not None) is is_whole
    assert checker.result() == one.result()
    assert checker.header() == one.header()
    assert checker.md5 == one.md5 == md5(package).hexdigest()
    assert checker.size_bytes == len(package)


@pytest.mark.parametrize("chunk", [1, 15, 16, 17, 32, 1023, 1034, 1035])
def test_every_size_of_chunk(chunk: int) -> None:
    checker = PackageChecker({})
    for start in range(0, len(PACKAGE), chunk):
        checker.update(PACKAGE[start : start + chunk])
    assert checker.result() == Manifest(SOURCE, TARGET)


@settings(max_examples=300)
@given(st.data(), PAYLOADS)
def test_any_damaged_byte_is_noticed(data: st.DataObject, payload: bytes) -> None:
    package = bytearray(build_package(payload, SOURCE, TARGET))
    at = data.draw(st.integers(0, len(package) - 1))
    package[at] ^= data.draw(st.integers(1, 255))
    assert checked(bytes(package)).result() is None


def test_every_byte_of_a_small_package_counts() -> None:
    package = build_package(b"abc", "A", "B")
    for at in range(len(package)):
        for bit in range(8):
            damaged = package[:at] + bytes([package[at] ^ 1 << bit]) + package[at + 1 :]
            assert checked(damaged).result() is None


@given(st.data())
def test_lost_bytes_are_noticed(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(PACKAGE) - 1))
    end = data.draw(st.integers(start + 1, len(PACKAGE)))
    assert checked(PACKAGE[:start] + PACKAGE[end:]).result() is None


def test_surplus_bytes_are_noticed() -> None:
    for surplus in (b"\0", b"\r\n", PACKAGE):
        assert checked(PACKAGE + surplus).result() is None


@given(st.binary(max_size=300))
def test_rubbish_is_no_package(data: bytes) -> None:
    for tried in (data, b"QSFOTA01" + data, framed(data)):
        checker = checked(tried)
        assert checker.result() is None
        assert checker.header() is None


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"[]",
        b'{"source":"A","target":"B"}',
        b'{"source":"A","target":"B","payload_bytes":"1"}',
        b'{"source":"A","target":"B","payload_bytes":0}',
        b'{"source":"A","target":"B","payload_bytes":-1}',
        b'{"source":"","target":"B","payload_bytes":1}',
        b'{"source":"A","target":"B\\n","payload_bytes":1}',
        b'{"source":"A","target":"\xff","payload_bytes":1}',
        b'{"source":"A","target":"B","payload_bytes":1,"more":1}',
        b'{"source":"A","target":"B","payload_bytes":1}' + b" " * 1_000,
    ],
)
def test_a_header_that_is_not_sound(header: bytes) -> None:
    assert checked(framed(header)).result() is None
    assert checked(framed(header)).header() is None


def test_a_digest_does_not_excuse_a_wrong_length() -> None:
    header = b'{"source":"A","target":"B","payload_bytes":%d}'
    assert checked(framed(header % 1)).result() == Manifest("A", "B")
    assert checked(framed(header % 2)).result() is None
    assert checked(framed(header % 2)).header() == PackageHeader("A", "B", 2)
    assert checked(framed(header % 10**400)).result() is None


def test_the_users_own_file_is_known_by_its_digest() -> None:
    own = bytes(range(255, -1, -1)) * 9
    digest = md5(own).hexdigest()
    for spelling in (digest, digest.upper()):
        assert checked(own, {spelling: "R2"}).result() == Manifest(None, "R2")
        assert checked(own[:-1], {spelling: "R2"}).result() is None
        assert checked(own + b"\0", {spelling: "R2"}).result() is None
        assert checked(PACKAGE, {spelling: "R2"}).result() == Manifest(SOURCE, TARGET)
    assert checked(b"x", {md5(b"x").hexdigest(): "R2"}).result() == Manifest(None, "R2")


def test_what_the_user_says_goes_first() -> None:
    digest = md5(PACKAGE).hexdigest()
    assert checked(PACKAGE, {digest: "R2"}).result() == Manifest(None, "R2")


def test_nothing_at_all() -> None:
    checker = PackageChecker({})
    assert (checker.result(), checker.header(), checker.size_bytes) == (None, None, 0)


def test_memory_does_not_grow() -> None:
    checker = PackageChecker({})
    for _ in range(200):
        checker.update(PACKAGE)
    kept = [getattr(checker, slot) for slot in PackageChecker.__slots__]
    assert sum(len(value) for value in kept if isinstance(value, bytes)) < 1_200


def test_mistakes_say_what_to_do() -> None:
    with pytest.raises(QuecsimError, match="empty"):
        build_package(b"", "A", "B")
    with pytest.raises(QuecsimError, match=r"source: .*not a revision\n  use 1 to 80"):
        build_package(b"x", "", "B")
    with pytest.raises(QuecsimError, match=r"target: 'B\\n' is not a revision"):
        build_package(b"x", "A", "B\n")
    for bad in ("", "x" * 81, "a\n", "\xe9", "a\0", "\udc80", "\x7f"):
        assert not is_revision(bad)
    assert is_revision("x" * 80)
    longest = '"' * 80  # each takes two bytes in JSON
    assert checked(build_package(b"x", longest, longest)).result() == Manifest(longest, longest)


def test_the_header_is_json_for_anybody() -> None:
    length = int.from_bytes(PACKAGE[8:10], "big")
    assert msgspec.json.decode(PACKAGE[10 : 10 + length]) == {
        "source": SOURCE,
        "target": TARGET,
        "payload_bytes": len(PAYLOAD),
    }
