"""What happened to an upload that the device's own numbers, or its content, do not confirm.

explained(plan, result, commands)       in words; empty where the numbers say no more
"""

from collections.abc import Iterable

from quecsim.explanation import Certainty, Explanation, Told, explain, explain_content
from quecsim.host.plan import UploadPlan, UploadResult
from quecsim.host.via import Via

_MOST_BYTES = 1 << 20  # more take seconds


def explained(
    plan: UploadPlan,
    result: UploadResult,
    commands: Iterable[bytes],
    content: bytes | None = None,
) -> str:
    """Why the device has what it says, and what to do.

    `commands` are those that we have sent, `content` is what was read back, if all of it was.
    """
    if plan.via is Via.QFOTADL or len(plan.data) > _MOST_BYTES:
        return ""
    sent = list(commands)
    if content is not None:
        found = explain_content(plan.data, content, declared=plan.declared, commands=sent)
        return _words(found) if found.fits else ""
    told = _told(result)
    if told is None:
        return ""
    return _words(explain(plan.data, told, declared=plan.declared, commands=sent, name=plan.name))


def _told(result: UploadResult) -> Told | None:
    """The size and checksum that the device said of what it stored; None: it said too little."""
    size, text = result.reported_bytes, result.reported_checksum
    if size is None:
        size = result.listed_bytes
    if size is None or (text is None and size == result.file_bytes):
        return None
    return Told(size, None if text is None else int(text, 16))


def _words(found: Explanation) -> str:
    """The sentence, and what to do about it where a story fits; nothing where it may be chance."""
    is_vague = found.certainty is Certainty.SIZE_ONLY and found.stories[0].kind == "hole"
    if found.is_same or is_vague or found.certainty is Certainty.CHANCE:
        return ""
    return f"{found.sentence} -> {found.stories[0].cure}" if found.fits else found.sentence
