"""Names of files as hosts write them, and the storage's errors as +CME numbers."""

import pytest

from quecsim.at.results import AtError, error_number
from quecsim.at.storage import at_error, listed_name, place_of, plain_name
from quecsim.flash.ufs import UfsError, UfsFault
from tests.device.bench import Bench, profile, shipped


def number_of(error: AtError) -> int | None:
    """As an LTE device numbers it."""
    return error_number(error, shipped().errors)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ca.pem", "ca.pem"),
        ("UFS:ca.pem", "ca.pem"),
        ("ufs:/ca.pem", "ca.pem"),
        ("/ca.pem", "ca.pem"),
        ("UFS:", ""),
        ("UFS:UFS:x", "UFS:x"),
        ("//x", "/x"),
        ("UFSx", "UFSx"),
        ("RAM:x", "RAM:x"),
    ],
)
def test_the_storage_and_one_slash_come_off(text: str, name: str) -> None:
    assert plain_name(text) == name


def test_a_name_that_can_be_and_one_that_cannot() -> None:
    context = Bench().rig.device.context
    assert place_of(context, "UFS:ca.pem").label == "ca.pem"
    assert place_of(context, "/security/ca.pem").label == "security/ca.pem"
    for text in ("", "SD:x", "a//b", "a/", "..", "a/../b", "n" * 81):
        with pytest.raises(AtError) as caught:
            place_of(context, text)
        assert number_of(caught.value) == 406


def test_the_longest_name_is_the_profiles() -> None:
    context = Bench(profile(files={"name_bytes": 8})).rig.device.context
    assert place_of(context, "12345678").name == "12345678"
    with pytest.raises(AtError):
        place_of(context, "123456789")


def test_listed_with_the_storage_or_without() -> None:
    assert listed_name(Bench().rig.device.context, "x") == "UFS:x"
    bare = Bench(profile(files={"list_prefix": False})).rig.device.context
    assert listed_name(bare, "x") == "x"


@pytest.mark.parametrize(
    ("fault", "number"),
    [
        (UfsFault.NOT_FOUND, 405),
        (UfsFault.EXISTS, 407),
        (UfsFault.NO_SPACE, 420),
        (UfsFault.ALREADY_OPEN, 426),
        (UfsFault.BAD_NAME, 406),
        (UfsFault.READ_ONLY, 414),
        (UfsFault.INVALID, 400),
        (UfsFault.OPEN_FAILED, 410),
        (UfsFault.READ_FAILED, 411),
        (UfsFault.WRITE_FAILED, 409),
        (UfsFault.DELETE_FAILED, 418),
        (UfsFault.LIST_FAILED, 417),
        (UfsFault.COUNT_FAILED, 419),
        (UfsFault.CORRUPT, 410),
    ],
)
def test_faults_as_numbers(fault: UfsFault, number: int) -> None:
    assert number_of(at_error(UfsError(fault, "x"))) == number


def test_every_fault_has_a_number() -> None:
    for fault in UfsFault:
        assert number_of(at_error(UfsError(fault, "x"))) is not None
