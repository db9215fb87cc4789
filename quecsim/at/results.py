"""Result codes: V.250's verbose and numeric forms, and the numbered errors: +CME of 27.007, and
+CMS of 27.005.
"""

from collections.abc import Mapping
from enum import Enum, IntEnum
from typing import Any


class ResultCode(Enum):
    """V.250 result codes, as (verbose, numeric). Source: V.250 table 1, EC25 AT manual ATV."""

    OK = ("OK", 0)
    CONNECT = ("CONNECT", 1)
    NO_CARRIER = ("NO CARRIER", 3)
    ERROR = ("ERROR", 4)

    @property
    def verbose(self) -> str:
        """The words of ATV1."""
        return self.value[0]

    @property
    def numeric(self) -> int:
        """The digit of ATV0."""
        return self.value[1]


class Cme(IntEnum):
    """+CME ERROR numbers. 3..50: 27.007 clause 9.2; 400..: Quectel's FILE commands.

    Source of the FILE block: EC800G SDK header ql_fs.h, and the BG96 FILE AT Commands Manual for
    the part it documents.
    """

    OPERATION_NOT_ALLOWED = 3
    OPERATION_NOT_SUPPORTED = 4
    SIM_NOT_INSERTED = 10
    INCORRECT_PARAMETERS = 50
    INVALID_INPUT = 400
    SIZE_EXCEEDED = 401
    READ_ZERO_BYTE = 402
    DRIVE_FULL = 403
    FILE_NOT_FOUND = 405
    INVALID_FILE_NAME = 406
    FILE_EXISTS = 407
    CREATE_FAILED = 408
    WRITE_FAILED = 409
    OPEN_FAILED = 410
    READ_FAILED = 411
    MAX_OPEN_FILES = 413
    FILE_READ_ONLY = 414
    INVALID_HANDLE = 416
    LIST_FAILED = 417
    DELETE_FAILED = 418
    DISK_INFO_FAILED = 419
    NO_SPACE = 420
    TIMEOUT = 421
    FILE_TOO_LARGE = 423
    INVALID_PARAMETER = 425
    ALREADY_OPEN = 426


CME_TEXT: dict[int, str] = {
    Cme.OPERATION_NOT_ALLOWED: "operation not allowed",
    Cme.OPERATION_NOT_SUPPORTED: "operation not supported",
    Cme.SIM_NOT_INSERTED: "SIM not inserted",
    Cme.INCORRECT_PARAMETERS: "incorrect parameters",
    Cme.INVALID_INPUT: "invalid input value",
    Cme.SIZE_EXCEEDED: "larger than the size of the file",
    Cme.READ_ZERO_BYTE: "read zero byte",
    Cme.DRIVE_FULL: "drive full",
    Cme.FILE_NOT_FOUND: "file not found",
    Cme.INVALID_FILE_NAME: "invalid file name",
    Cme.FILE_EXISTS: "file already existed",
    Cme.CREATE_FAILED: "fail to create the file",
    Cme.WRITE_FAILED: "fail to write the file",
    Cme.OPEN_FAILED: "fail to open the file",
    Cme.READ_FAILED: "fail to read the file",
    Cme.MAX_OPEN_FILES: "reach the max number of file allowed to be opened",
    Cme.FILE_READ_ONLY: "the file read-only",
    Cme.INVALID_HANDLE: "invalid file descriptor",
    Cme.LIST_FAILED: "fail to list the file",
    Cme.DELETE_FAILED: "fail to delete the file",
    Cme.DISK_INFO_FAILED: "fail to get disk info",
    Cme.NO_SPACE: "no space",
    Cme.TIMEOUT: "time out",
    Cme.FILE_TOO_LARGE: "file too large",
    Cme.INVALID_PARAMETER: "invalid parameter",
    Cme.ALREADY_OPEN: "file already opened",
}


class Cms(IntEnum):
    """+CMS ERROR numbers of the message commands. Source: 3GPP TS 27.005 clause 3.2.5."""

    OPERATION_NOT_ALLOWED = 302
    INVALID_PDU_PARAMETER = 304
    INVALID_TEXT_PARAMETER = 305
    SIM_NOT_INSERTED = 310
    INVALID_MEMORY_INDEX = 321
    NO_NETWORK_SERVICE = 331


CMS_TEXT: dict[int, str] = {
    Cms.OPERATION_NOT_ALLOWED: "operation not allowed",
    Cms.INVALID_PDU_PARAMETER: "invalid PDU mode parameter",
    Cms.INVALID_TEXT_PARAMETER: "invalid text mode parameter",
    Cms.SIM_NOT_INSERTED: "SIM not inserted",
    Cms.INVALID_MEMORY_INDEX: "invalid memory index",
    Cms.NO_NETWORK_SERVICE: "no network service",
}


class AtError(Exception):
    """The host's fault, or a failure that the device reports: ends the line with a result code.

    `cme` None means plain ERROR whatever +CMEE says; a `Cms` is said as +CMS ERROR. `code` is the
    result code where it is another one than ERROR, and has no number then.
    """

    def __init__(self, cme: int | None = None, code: ResultCode = ResultCode.ERROR) -> None:
        super().__init__(f"+{_kind(cme)} ERROR: {cme}" if cme is not None else code.verbose)
        self.cme = cme
        self.code = code

    @property
    def cause(self) -> str:
        """What went wrong, whatever number the device gives it; empty for a plain ERROR."""
        if self.cme is None:
            return ""
        return (
            self.cme.name.lower() if isinstance(self.cme, Cms) else _CAUSES.get(self.cme, "other")
        )


class OtherWordsError(AtError):
    """A final result code of other words, said as they are: `NO CARRIER`, `+CMS ERROR: 321`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


_CAUSES = {int(cme): cme.name.lower() for cme in Cme}


def _kind(number: int | None) -> str:
    return "CMS" if isinstance(number, Cms) else "CME"


_STANDARD: Mapping[Any, int] = {}


# What the numbers of the GSM generation mean (M95 FTPS Application Note V1.0, table 4).
GSM_TEXT: dict[int, str] = {
    4008: "no space",
    4009: "time-out",
    4010: "file not found",
    4011: "file too large",
    4012: "file exists already",
    4013: "invalid parameter",
}


def error_text(error: AtError, cmee: int, numbers: Mapping[Any, int] = _STANDARD) -> str | None:
    """The +CME or +CMS line for `error` under +CMEE=`cmee`; None where it is plain ERROR.

    `numbers`: those of a device that has others, by their cause.
    """
    number = error_number(error, numbers)
    if error.cme is None or cmee == 0:
        return None
    texts = CMS_TEXT if isinstance(error.cme, Cms) else CME_TEXT
    detail = texts.get(error.cme, "unknown error") if cmee == 2 else str(number)
    return f"+{_kind(error.cme)} ERROR: {detail}"


def error_number(error: AtError, numbers: Mapping[Any, int] = _STANDARD) -> int | None:
    """The number that +CMEE=1 shows; None for a plain ERROR."""
    if error.cme is None:
        return None
    if isinstance(error.cme, Cms):  # 27.005 numbers them alike on every device
        return int(error.cme)
    return int(numbers.get(error.cause, error.cme))
