"""Canned replies, in place of the model: which one fits, and what it does."""

from quecsim.at.context import Control
from quecsim.at.effects import Info, NoReply, Sleep, Steps
from quecsim.at.results import AtError, OtherWordsError
from quecsim.device.shared import Shared
from quecsim.profiles.canned import Reply
from quecsim.profiles.schema import Profile
from quecsim.units import ms

_WAITING = "the canned reply takes its time"


class CannedReplies:
    """The replies of a device in the order in which they are tried. One for once is used up."""

    def __init__(self, profile: Profile) -> None:
        self._left = list(profile.replies)

    def __bool__(self) -> bool:
        return bool(self._left)

    def find(self, command: str) -> Reply | None:
        """The reply to `command`, written without its AT; None: the model answers."""
        reply = next((one for one in self._left if one.fits(command)), None)
        if reply is not None and reply.times == "once":
            self._left.remove(reply)
        return reply


def said(reply: Reply, shared: Shared, control: Control) -> Steps:
    """Say the reply."""
    if reply.delay_ms:
        yield Sleep(ms(reply.delay_ms), _WAITING)
    for text in reply.lines():
        yield Info(text)
    for line in reply.urcs:
        control.send_urc_later(shared.now_ns, ms(line.after_ms), line.text)
    if not reply.result:
        yield NoReply()
    elif reply.result == "ERROR":
        raise AtError
    elif reply.result != "OK":
        raise OtherWordsError(reply.result)
