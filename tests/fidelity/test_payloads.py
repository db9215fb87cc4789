"""The payloads are what the documents print of them: length and checksum."""

import pytest

from quecsim.checksum import checksum as checksum_of
from quecsim.checksum import checksum_text
from quecsim.firmware.package import PackageChecker
from tests.fidelity.payloads import certificate_like, package


@pytest.mark.parametrize(
    ("size", "printed"), [(1614, "4039"), (1419, "618"), (1679, "83a7"), (1273, "1a38")]
)
def test_a_made_certificate_has_the_printed_checksum(size: int, printed: str) -> None:
    data = certificate_like(size, int(printed, 16))
    assert len(data) == size
    assert checksum_text(checksum_of(data)) == printed
    assert data.startswith(b"-----BEGIN")


@pytest.mark.parametrize(("size", "printed"), [(1614, 0x4039), (1419, 0x618), (1273, 0x1A38)])
def test_it_is_text_where_text_can_have_that_checksum(size: int, printed: int) -> None:
    data = certificate_like(size, printed)
    assert data.isascii()
    assert data.decode().replace("\n", "").isprintable()


def test_no_text_has_a_checksum_with_a_top_bit() -> None:
    """So the client key of the M95 note (83a7) cannot have been a PEM file in plain ASCII."""
    assert checksum_of(b"\x7f" * 2) & 0x8080 == 0
    assert not certificate_like(1679, 0x83A7).isascii()


@pytest.mark.parametrize("size", [1000, 4_884_688])
def test_a_package_of_any_length_is_whole(size: int) -> None:
    made = package(size, "OLD", "NEW")
    assert len(made) == size
    checker = PackageChecker({})
    checker.update(made)
    manifest = checker.result()
    assert manifest is not None
    assert manifest.target == "NEW"
