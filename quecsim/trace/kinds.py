"""The commands that upload, by what they bring; other transfers are no business of the report."""

PACKAGE_UPLOAD = "+QFOTADL"  # answers OK first, and takes its data then
PACKAGE_NAME = "firmware package"
PROTOCOL_DOWNLOAD = "+QFOTADL,2"
WRITE_BY_HANDLE = "+QFWRITE"
FILE_UPLOADS = ("+QFUPL", WRITE_BY_HANDLE)
CERTIFICATE_UPLOAD = "+QSECWRITE"
UPLOADS = (*FILE_UPLOADS, CERTIFICATE_UPLOAD, PACKAGE_UPLOAD)
