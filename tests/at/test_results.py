"""Result codes in words and digits, and the numbered errors."""

from typing import get_args

import pytest

from quecsim.at.results import (
    CME_TEXT,
    CMS_TEXT,
    GSM_TEXT,
    AtError,
    Cme,
    Cms,
    ResultCode,
    error_number,
    error_text,
)
from quecsim.profiles import load_profile
from quecsim.profiles.schema import ErrorCause


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


def test_every_documented_file_error_is_there() -> None:
    """BG96 and EC2x FILE manuals, Quectel's user-friendly-project."""
    assert set(DOCUMENTED) <= {int(code) for code in Cme}


def test_every_number_has_words() -> None:
    assert set(CME_TEXT) == set(Cme)
    assert len(set(CME_TEXT.values())) == len(CME_TEXT)


@pytest.mark.parametrize(
    ("cme", "cmee", "text"),
    [
        (Cme.FILE_EXISTS, 0, None),
        (Cme.FILE_EXISTS, 1, "+CME ERROR: 407"),
        (Cme.FILE_EXISTS, 2, "+CME ERROR: file already existed"),
        (9999, 1, "+CME ERROR: 9999"),
        (9999, 2, "+CME ERROR: unknown error"),
        (Cms.INVALID_MEMORY_INDEX, 0, None),
        (Cms.INVALID_MEMORY_INDEX, 1, "+CMS ERROR: 321"),
        (Cms.INVALID_MEMORY_INDEX, 2, "+CMS ERROR: invalid memory index"),
        (None, 1, None),
        (None, 2, None),
    ],
)
def test_the_line_under_cmee(cme: int | None, cmee: int, text: str | None) -> None:
    assert error_text(AtError(cme), cmee) == text


def test_an_error_names_itself() -> None:
    assert str(AtError()) == "ERROR"
    assert str(AtError(407)) == "+CME ERROR: 407"
    assert str(AtError(Cms.NO_NETWORK_SERVICE)) == "+CMS ERROR: 331"
    assert str(AtError(code=ResultCode.NO_CARRIER)) == "NO CARRIER"


def test_message_errors_have_words_and_numbers_of_their_own() -> None:
    """3GPP TS 27.005 clause 3.2.5; a device's own numbers are those of +CME."""
    assert set(CMS_TEXT) == set(Cms)
    own = {"operation_not_allowed": 9}
    assert error_number(AtError(Cms.OPERATION_NOT_ALLOWED), own) == 302
    assert AtError(Cms.OPERATION_NOT_ALLOWED).cause == "operation_not_allowed"


GSM = load_profile("m95").at.error_numbers


def test_every_cause_may_have_a_number_of_its_own() -> None:
    assert set(get_args(ErrorCause)) == {cme.name.lower() for cme in Cme}


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
    for cme in Cme:
        number = int((error_text(AtError(cme), 1, GSM) or "").split()[-1])
        assert number == cme if cme < 400 else number in published.values()


def test_every_number_of_the_gsm_generation_has_a_meaning() -> None:
    said = [error_text(AtError(number), 1, GSM) or "" for number in Cme]
    numbers = {int(text.rpartition(" ")[2]) for text in said}
    assert {number for number in numbers if number > 4000} == set(GSM_TEXT)
    assert set(GSM_TEXT).isdisjoint(CME_TEXT)
