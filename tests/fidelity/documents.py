"""The five documents, and the published logs, in one place."""

from tests.fidelity import fcm242d, forum_57329, fota_v1_0, fota_v1_1, m95_ftps, published_logs

DOCUMENTS = (
    forum_57329.DOCUMENT,
    fota_v1_0.DOCUMENT,
    fota_v1_1.DOCUMENT,
    m95_ftps.DOCUMENT,
    fcm242d.DOCUMENT,
    *published_logs.DOCUMENTS,
)
