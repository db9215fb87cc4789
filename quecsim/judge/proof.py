"""What proves that a file is there, for each command that uploads: what a host can compare."""

from quecsim.report.model import Upload, Verdict
from quecsim.trace.kinds import CERTIFICATE_UPLOAD, PACKAGE_UPLOAD, SLOT_UPLOAD, WRITE_BY_HANDLE

_PROOFS = {
    "+QFUPL": "compare size and checksum in +QFUPL: with those of the file",
    WRITE_BY_HANDLE: "AT+QFWRITE has no checksum: compare the numbers in +QFWRITE: with what was "
    "announced, then read the file back (AT+QFOPEN, AT+QFREAD) and compare it",
    CERTIFICATE_UPLOAD: "compare size and checksum in +QSECWRITE: with those of the file "
    "(AT+QSECREAD says the checksum again; nothing can be read back)",
    SLOT_UPLOAD: "AT+QSSLCERT says OK, and no more: send it slowly, then see whether a "
    "connection with TLS comes about",
    PACKAGE_UPLOAD: 'wait for "FILEEND",0 and "END",0, and compare the revision in ATI',
}


def proof(upload: Upload | None) -> str:
    """What to do in place of believing; empty where the rule's own advice is as good."""
    return _PROOFS.get(upload.command, "") if upload is not None else ""


def says_enough(upload: Upload | None, verdict: Verdict) -> bool:
    """Whether the device's summary shows that something is wrong."""
    return (
        upload is None
        or upload.command not in (WRITE_BY_HANDLE, SLOT_UPLOAD)
        or verdict is not Verdict.WRONG
    )
