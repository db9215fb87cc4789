"""The commands that upload, by what they bring; other transfers are no business of the report."""

PACKAGE_UPLOAD = "+QFOTADL"  # answers OK first, and takes its data then
PACKAGE_NAME = "firmware package"
PROTOCOL_DOWNLOAD = "+QFOTADL,2"
WRITE_BY_HANDLE = "+QFWRITE"
SLOT_UPLOAD = "+QSSLCERT"  # stored as a file, whose name no other command knows
FILE_UPLOADS = ("+QFUPL", WRITE_BY_HANDLE, SLOT_UPLOAD)
CERTIFICATE_UPLOAD = "+QSECWRITE"
UPLOADS = (*FILE_UPLOADS, CERTIFICATE_UPLOAD, PACKAGE_UPLOAD)

_OPENINGS = {PACKAGE_UPLOAD: "FILESTART", SLOT_UPLOAD: "its prompt"}


def opening(command: str) -> str:
    """What a host waits for behind that command, before it sends the data."""
    return _OPENINGS.get(command, "CONNECT")
