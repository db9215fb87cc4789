"""An AT conversation in which nothing is lost that the module says of its own accord.

    Conversation(port)      an AtClient that keeps unsolicited result codes as `news`
    Heard                   what came of a command whose result is such a code

A received MQTT message with its length (AT+QMTCFG="recv/mode",0,0,1) is one piece of news, whatever
bytes its payload has.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from quecsim.host.at_client import COMMAND_S, AtClient, Patience, Reply, is_final
from quecsim.host.port import Port

PROMPT = ">"
MOST_NEWS = 100
_MESSAGE = re.compile(rb'\+QMTRECV: ?\d+,\d+,"[^"\r\n]*",(\d{1,5}),"')


@dataclass(frozen=True, slots=True)
class Heard:
    """The `reply` to a command, and what came behind it.

    `match` is the news that was waited for, `alarm` the news that came instead of it and ends the
    wait. Both are None where nothing came, or where the reply was no OK.
    """

    reply: Reply
    match: re.Match[str] | None = None
    alarm: str | None = None


class Conversation(AtClient):
    """An AT conversation on `port`. `alarms` is news that ends any wait for other news."""

    def __init__(
        self,
        port: Port,
        *,
        sleep: Callable[[float], None],
        alarms: Iterable[re.Pattern[str]] = (),
    ) -> None:
        super().__init__(port, sleep=sleep)
        self.alarms = tuple(alarms)
        self.news: deque[str] = deque(maxlen=MOST_NEWS)

    def forget_input(self) -> None:
        """What was said unasked is no reply to the next command, but it is news."""
        self.receive_waiting()
        while (line := self.next_line()) is not None:
            self.news.append(line)

    def finish(self, text: str, timeout_s: float) -> Reply:
        """The reply to `text`; its lines count as news too, for a code may come in its middle."""
        reply = super().finish(text, timeout_s)
        self.news.extend(reply.lines)
        return reply

    def next_line(self) -> str | None:
        """The next line, or the next message: that is not cut at the line ends of its payload."""
        received = self.received
        start = len(received) - len(received.lstrip(b"\r\n"))
        header = _MESSAGE.match(received, start)
        if header is None:
            return super().next_line()
        end = header.end() + int(header[1]) + 1  # with its quotation mark
        if len(received) < end:
            return None
        text = bytes(received[start:end]).decode("utf-8", "backslashreplace")
        del received[:end]
        return text

    def request(self, text: str, wanted: re.Pattern[str], wait_s: float) -> Heard:
        """Send `text`; after its OK wait up to `wait_s` for news that is `wanted` as a whole."""
        self.forget_input()
        self.drop_news(wanted)
        reply = self.command(text)
        return self.await_news(reply, wanted, wait_s) if reply.ok else Heard(reply)

    def await_news(self, reply: Reply, wanted: re.Pattern[str], wait_s: float) -> Heard:
        """What comes behind `reply`: the first news that is wanted, or an alarm."""
        patience = Patience(wait_s)
        while True:
            for line in self.news:
                if match := wanted.fullmatch(line):
                    self.news.remove(line)
                    return Heard(reply, match)
                if self._is_alarm(line):
                    return Heard(reply, alarm=line)
            if patience.over or (line_now := self.read_line(patience)) is None:
                return Heard(reply)
            self.news.append(line_now)

    def alarm(self) -> str | None:
        """The first alarm that has come and was not dropped."""
        self.forget_input()
        return next(filter(self._is_alarm, self.news), None)

    def drop_news(self, unwanted: re.Pattern[str]) -> None:
        """Forget news of that form: what was said before a command is not about it."""
        kept = [line for line in self.news if not unwanted.fullmatch(line)]
        self.news.clear()
        self.news.extend(kept)

    def prompt(self, text: str, timeout_s: float = COMMAND_S) -> Reply:
        """Send `text` and wait for the prompt, which is then the reply's `final`.

        Otherwise `final` is the error, or nothing where neither came in time.
        """
        self.forget_input()
        self.write(text.encode() + b"\r")
        patience = Patience(timeout_s)
        while True:
            line = self.next_line()
            if line is None and self.received.strip() == PROMPT.encode():
                self.received.clear()
                line = PROMPT
            if line is not None:
                if line == PROMPT or is_final(line):
                    return Reply(text, (), line)
                if line != text:  # the echo
                    self.news.append(line)
            elif patience.over:
                return Reply(text, (), "")
            else:
                self.receive(patience)

    def _is_alarm(self, line: str) -> bool:
        return any(alarm.fullmatch(line) for alarm in self.alarms)
