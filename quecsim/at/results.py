"""Result codes: V.250's verbose and numeric forms, and the numbered errors: +CME of 27.007, and
+CMS of 27.005.
"""

from enum import Enum, IntEnum, StrEnum

from quecsim.profiles.schema import Errors


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


class Cme(StrEnum):
    """What a numbered error is about. Which number and which words a device has for it is in its
    profile (`errors`); where it has no number, the host gets a plain ERROR.
    """

    OPERATION_NOT_ALLOWED = "operation_not_allowed"
    OPERATION_NOT_SUPPORTED = "operation_not_supported"
    SIM_NOT_INSERTED = "sim_not_inserted"
    INCORRECT_PARAMETERS = "incorrect_parameters"
    INVALID_INPUT = "invalid_input"
    SIZE_EXCEEDED = "size_exceeded"
    READ_ZERO_BYTE = "read_zero_byte"
    DRIVE_FULL = "drive_full"
    FILE_NOT_FOUND = "file_not_found"
    INVALID_FILE_NAME = "invalid_file_name"
    FILE_EXISTS = "file_exists"
    CREATE_FAILED = "create_failed"
    WRITE_FAILED = "write_failed"
    OPEN_FAILED = "open_failed"
    READ_FAILED = "read_failed"
    MAX_OPEN_FILES = "max_open_files"
    FILE_READ_ONLY = "file_read_only"
    INVALID_HANDLE = "invalid_handle"
    LIST_FAILED = "list_failed"
    DELETE_FAILED = "delete_failed"
    DISK_INFO_FAILED = "disk_info_failed"
    NO_SPACE = "no_space"
    TIMEOUT = "timeout"
    FILE_TOO_LARGE = "file_too_large"
    INVALID_PARAMETER = "invalid_parameter"
    ALREADY_OPEN = "already_open"
    HTTP_UNKNOWN = "http_unknown"
    HTTP_BUSY = "http_busy"
    HTTP_NO_REQUEST = "http_no_request"
    HTTP_NO_CONTEXT = "http_no_context"
    HTTP_DEACTIVATED = "http_deactivated"
    HTTP_NETWORK = "http_network"
    HTTP_URL = "http_url"
    HTTP_NO_URL = "http_no_url"
    HTTP_ADDRESS = "http_address"
    HTTP_DNS = "http_dns"
    HTTP_CREATE = "http_create"
    HTTP_CONNECT = "http_connect"
    HTTP_READ = "http_read"
    HTTP_WRITE = "http_write"
    HTTP_CLOSED = "http_closed"
    HTTP_ENCODE = "http_encode"
    HTTP_DECODE = "http_decode"
    HTTP_READ_TIMEOUT = "http_read_timeout"
    HTTP_RESPONSE = "http_response"
    HTTP_INPUT_TIMEOUT = "http_input_timeout"
    HTTP_RESPONSE_TIMEOUT = "http_response_timeout"
    HTTP_MEMORY = "http_memory"
    HTTP_PARAMETER = "http_parameter"


class Tcpip(StrEnum):
    """Why a TCP/IP command answers ERROR, which AT+QIGETERROR then tells; or what it says itself
    of how it ended. The numbers are in the profile (`errors.tcpip`).
    """

    NONE = "none"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    INVALID_PARAMETERS = "invalid_parameters"
    NO_MEMORY = "no_memory"
    CREATE_FAILED = "create_failed"
    NOT_SUPPORTED = "not_supported"
    BIND_FAILED = "bind_failed"
    LISTEN_FAILED = "listen_failed"
    WRITE_FAILED = "write_failed"
    READ_FAILED = "read_failed"
    ACCEPT_FAILED = "accept_failed"
    CONTEXT_FAILED = "context_failed"
    IDENTITY_USED = "identity_used"
    DNS_BUSY = "dns_busy"
    DNS_FAILED = "dns_failed"
    CONNECT_FAILED = "connect_failed"
    CLOSED = "closed"
    BUSY = "busy"
    TIMEOUT = "timeout"
    CONTEXT_BROKEN = "context_broken"
    CANCELLED = "cancelled"
    NOT_ALLOWED = "not_allowed"
    PORT_BUSY = "port_busy"


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

    `cme` is what it is about, or the very number that the host is to see; None means plain ERROR
    whatever +CMEE says; a `Cms` is said as +CMS ERROR. `code` is the result code where it is
    another one than ERROR, and has no number then. `tcpip` is why, where a TCP/IP command fails.
    """

    def __init__(
        self,
        cme: Cme | Cms | int | None = None,
        code: ResultCode = ResultCode.ERROR,
        tcpip: Tcpip = Tcpip.INVALID_PARAMETERS,
    ) -> None:
        super().__init__(f"+{_kind(cme)} ERROR: {cme}" if cme is not None else code.verbose)
        self.cme = cme
        self.code = code
        self.tcpip = tcpip

    @property
    def cause(self) -> str:
        """What went wrong, whatever number the device gives it; empty for a plain ERROR."""
        if self.cme is None:
            return ""
        return self.cme.name.lower() if isinstance(self.cme, Cme | Cms) else "other"


class OtherWordsError(AtError):
    """A final result code of other words, said as they are: `NO CARRIER`, `+CMS ERROR: 321`."""

    def __init__(self, text: str, tcpip: Tcpip = Tcpip.INVALID_PARAMETERS) -> None:
        super().__init__(tcpip=tcpip)
        self.text = text


def _kind(cme: Cme | Cms | int | None) -> str:
    return "CMS" if isinstance(cme, Cms) else "CME"


def error_text(error: AtError, cmee: int, errors: Errors) -> str | None:
    """The +CME or +CMS line for `error` under +CMEE=`cmee`; None where it is plain ERROR."""
    number = error_number(error, errors)
    if number is None or cmee == 0:
        return None
    detail = str(number) if cmee == 1 else _words(error, number, errors)
    return f"+{_kind(error.cme)} ERROR: {detail}"


def _words(error: AtError, number: int, errors: Errors) -> str:
    if isinstance(error.cme, Cms):
        return CMS_TEXT[error.cme]
    words = "" if number in errors.numeric else errors.words.get(str(number), "")
    return words or str(number)


def error_number(error: AtError, errors: Errors) -> int | None:
    """The number that +CMEE=1 shows; None for a plain ERROR."""
    if isinstance(error.cme, Cme):
        return errors.numbers.get(error.cme.value)
    return error.cme  # 27.005 numbers its errors alike on every device


def tcpip_number(cause: Tcpip, errors: Errors) -> int:
    """What AT+QIGETERROR, and the result codes of TCP/IP commands, call it."""
    return errors.tcpip[cause.value]
