"""What the steps of a connection share: the conversation, the record, and how a step fails.

ConnectRun          one connection; its steps return False where one has said why it failed
"""

import re
from collections.abc import Callable

from quecsim.host.at_client import COMMAND_S, Reply
from quecsim.host.connect_codes import stat_meaning
from quecsim.host.connect_plan import ConnectPlan, ConnectResult, Stage
from quecsim.host.conversation import Conversation, Heard

CONTEXT_ID = 1
"""The packet context that is used: the one that LTE brings up by itself."""

CLIENT = 0
"""The MQTT client of the module that is used."""

STAT = re.compile(rf"\+QMTSTAT: ?{CLIENT},(\d+)")
_CONTEXT_LOST = re.compile(rf'\+QIURC: ?"pdpdeact",{CONTEXT_ID}')
_RESTARTED = re.compile("RDY")
ALARMS = (STAT, _CONTEXT_LOST, _RESTARTED)

Told = Callable[[Stage], None]
"""Called when a stage begins."""


class ConnectRun:
    """One connection, step by step; a step that returns False has said why, and ends it."""

    def __init__(self, client: Conversation, plan: ConnectPlan, told: Told) -> None:
        self.client = client
        self.plan = plan
        self.result = ConnectResult.of(plan)
        self._told = told

    def begin(self, stage: Stage) -> None:
        """A stage begins."""
        self.result.stage = stage
        self._told(stage)

    def fail(self, failure: str, advice: str = "") -> bool:
        """Note the failure; False, for a step to return."""
        self.result.failure = failure
        self.result.advice = advice or None
        return False

    def fail_by_code(self, command: str, code: int, failure: str, advice: str) -> bool:
        """The same of an unsolicited result code."""
        self.result.command, self.result.code = command, code
        return self.fail(failure, advice)

    def set(self, command: str, advice: str = "") -> bool:
        """Send a command that must be OK."""
        reply = self.client.command(command)
        return reply.ok or self.refused(reply, advice)

    def refused(self, reply: Reply, advice: str = "") -> bool:
        """The reply was no OK. The command is named without its values: one may be a password."""
        alarm = self.client.alarm()
        if alarm is not None:
            return self.alarmed(alarm)
        return self.fail(f"{_named(reply.command)}: {reply.explained}", advice)

    def request(self, command: str, wanted: re.Pattern[str], wait_s: float) -> re.Match[str] | None:
        """Send a command whose result comes later; None where it has failed before that."""
        return self.heard(self.client.request(command, wanted, wait_s), wait_s)

    def heard(self, heard: Heard, wait_s: float) -> re.Match[str] | None:
        """The news that was waited for; None, and the reason is noted, where it did not come."""
        if heard.match is not None:
            return heard.match
        if heard.alarm is not None:
            self.alarmed(heard.alarm)
        elif not heard.reply.ok:
            self.refused(heard.reply)
        else:
            name = _named(heard.reply.command)
            self.fail(
                f"{name} was OK, and its result did not come within {wait_s:g} s",
                "the network or the broker does not answer: try again",
            )
        return None

    def alarmed(self, alarm: str) -> bool:
        """Something else came than what was waited for."""
        if stat := STAT.fullmatch(alarm):
            meaning = stat_meaning(int(stat[1]))
            sentence = f"{alarm}: {meaning.words}"
            return self.fail_by_code("+QMTSTAT", int(stat[1]), sentence, meaning.advice)
        if _RESTARTED.fullmatch(alarm):
            return self.fail("the module has restarted", "look at its power supply")
        return self.fail(f"{alarm}: the network took the packet context away", "try again")


def _named(command: str) -> str:
    """A command as far as it is fit to be shown: `AT+QSSLCFG="sni"`, `AT+QMTCONN=0`."""
    return command.partition(",")[0]


__all__ = ["ALARMS", "CLIENT", "COMMAND_S", "CONTEXT_ID", "STAT", "ConnectRun", "Told"]
