"""Why a TLS connection does not come about, for the device that wants it."""

from quecsim.border import Why


class TlsTrouble(Exception):  # noqa: N818 - what it is called everywhere
    """`detail` says in words what was wrong; `file` names the file of the device at fault, where
    one is.
    """

    def __init__(self, why: Why, detail: str, file: str = "") -> None:
        super().__init__(why, detail, file)
        self.why = why
        self.detail = detail
        self.file = file

    def __str__(self) -> str:
        return f"{self.file}: {self.detail}" if self.file else self.detail


class Broken(Exception):  # noqa: N818
    """One end has given up: OpenSSL's `reasons`, and the fatal `alert` of the other end (-1: none).

    `is_certificate`: what it could not take was a certificate.
    """

    def __init__(self, reasons: str, alert: int = -1, is_certificate: bool = False) -> None:
        super().__init__(reasons)
        self.reasons = reasons
        self.alert = alert
        self.is_certificate = is_certificate
