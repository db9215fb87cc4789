"""Result codes in words and digits, and the numbered errors."""

from typing import get_args

import pytest
from msgspec.structs import replace

from quecsim.at.results import (
    CMS_TEXT,
    AtError,
    Cme,
    Cms,
    ResultCode,
    error_number,
    error_text,
)
from quecsim.profiles import load_profile
from quecsim.profiles.schema import ErrorCause, Errors


@pytest.mark.parametrize(
    ("code", "words", "digit"),
    [
        (ResultCode.OK, "OK", 0),
        (ResultCode.CONNECT, "CONNECT", 1),
        (ResultCode.NO_CARRIER, "NO CARRIER", 3),
        (ResultCode.ERROR, "ERROR", 4),
    ],
)
def test_codes(code: ResultCode, words: str, digit: int) -> None:
    """V.250 table 1."""
    assert (code.verbose, code.numeric) == (words, digit)


DOCUMENTED = [*range(400, 404), 405, 406, 407, *range(409, 412), 413, 414, *range(416, 422)]
DOCUMENTED += [423, 425, 426]
LTE, GSM, WLAN = (load_profile(name).errors for name in ("ec200u", "m95", "fcm242d"))
LTE = replace(LTE, numeric=())  # in words, as far as there are any


def test_every_documented_file_error_is_there() -> None:
    """BG96 and EC2x FILE manuals, Quectel's user-friendly-project."""
    assert set(DOCUMENTED) <= set(LTE.numbers.values())


def test_every_cause_may_have_a_number() -> None:
    assert set(get_args(ErrorCause)) == {cme.value for cme in Cme}


@pytest.mark.parametrize("errors", [LTE, GSM, WLAN])
def test_every_number_has_words(errors: Errors) -> None:
    said = {*errors.numbers.values(), *errors.tcpip.values()}
    assert {str(number) for number in said} <= set(errors.words)


@pytest.mark.parametrize(
    ("cme", "cmee", "text"),
    [
        (Cme.FILE_EXISTS, 0, None),
        (Cme.FILE_EXISTS, 1, "+CME ERROR: 407"),
        (Cme.FILE_EXISTS, 2, "+CME ERROR: file already existed"),
        (407, 2, "+CME ERROR: file already existed"),
        (9999, 1, "+CME ERROR: 9999"),
        (9999, 2, "+CME ERROR: 9999"),
        (Cms.INVALID_MEMORY_INDEX, 0, None),
        (Cms.INVALID_MEMORY_INDEX, 1, "+CMS ERROR: 321"),
        (Cms.INVALID_MEMORY_INDEX, 2, "+CMS ERROR: invalid memory index"),
        (None, 1, None),
        (None, 2, None),
    ],
)
def test_the_line_under_cmee(cme: Cme | Cms | int | None, cmee: int, text: str | None) -> None:
    assert error_text(AtError(cme), cmee, LTE) == text


def test_a_number_may_stay_a_number_under_cmee_2() -> None:
    errors = replace(LTE, numeric=(407,))
    assert error_text(AtError(Cme.FILE_EXISTS), 2, errors) == "+CME ERROR: 407"
    assert error_text(AtError(Cme.FILE_NOT_FOUND), 2, errors) == "+CME ERROR: file not found"


@pytest.mark.parametrize(
    ("device", "cme", "text"),
    [
        ("ec200t", Cme.FILE_EXISTS, "file already exist"),  # EG800K logs
        ("ec200t", Cme.TIMEOUT, "421"),
        ("ec200t", Cme.FILE_NOT_FOUND, "file not found"),
        ("ec200t", Cme.OPERATION_NOT_ALLOWED, "operation not allowed"),
        ("ec200u", Cme.LIST_FAILED, "417"),  # tests of a host that ran on an EC200U
        ("ec200u", Cme.FILE_EXISTS, "407"),
        ("ec200u", Cme.OPERATION_NOT_ALLOWED, "operation not allowed"),
    ],
)
def test_the_words_of_cmee_2_are_the_devices_own(device: str, cme: Cme, text: str) -> None:
    assert error_text(AtError(cme), 2, load_profile(device).errors) == f"+CME ERROR: {text}"


def test_the_asr_devices_differ_from_their_sisters_in_one_word_only() -> None:
    asr = load_profile("ec200t").errors.words
    assert {**asr, "407": "file already existed"} == LTE.words


def test_a_cause_without_a_number_is_a_plain_error() -> None:
    error = AtError(Cme.FILE_EXISTS)
    assert error_text(error, 1, WLAN) is None
    assert error.cause == "file_exists"


def test_an_error_names_itself() -> None:
    assert str(AtError()) == "ERROR"
    assert str(AtError(407)) == "+CME ERROR: 407"
    assert str(AtError(Cms.NO_NETWORK_SERVICE)) == "+CMS ERROR: 331"
    assert str(AtError(code=ResultCode.NO_CARRIER)) == "NO CARRIER"


def test_message_errors_have_words_and_numbers_of_their_own() -> None:
    """3GPP TS 27.005 clause 3.2.5; a device's own numbers are those of +CME."""
    assert set(CMS_TEXT) == set(Cms)
    assert error_number(AtError(Cms.OPERATION_NOT_ALLOWED), LTE) == 302
    assert AtError(Cms.OPERATION_NOT_ALLOWED).cause == "operation_not_allowed"


def test_the_gsm_generation_has_six_numbers_for_files() -> None:
    """M95 FTPS Application Note V1.0, chapter 3."""
    published = {
        Cme.NO_SPACE: 4008,
        Cme.TIMEOUT: 4009,
        Cme.FILE_NOT_FOUND: 4010,
        Cme.FILE_TOO_LARGE: 4011,
        Cme.FILE_EXISTS: 4012,
        Cme.INVALID_PARAMETER: 4013,
    }
    for cme, number in published.items():
        assert error_text(AtError(cme), 1, GSM) == f"+CME ERROR: {number}"
    assert {n for n in GSM.numbers.values() if n >= 400} == set(published.values())
    assert set(GSM.numbers) == {cme.value for cme in Cme if not cme.name.startswith("HTTP")}
    assert error_text(AtError(Cme.FILE_NOT_FOUND), 2, GSM) == "+CME ERROR: file not found"
