"""The dialogue with the broker: AT+QMTOPEN to AT+QMTDISC, each waited for.

Session(client, plan, told)     its steps: open, log_in, subscribe, publish, await_message, leave

OK only says that a command was understood; what came of it is an unsolicited result code.
"""

import re
from typing import Final

from quecsim.host.at_client import Reply
from quecsim.host.connect_base import CLIENT, STAT, ConnectRun, Told
from quecsim.host.connect_codes import open_meaning, refused_meaning
from quecsim.host.connect_plan import ConnectPlan, Message, Publication, Stage
from quecsim.host.connect_settings import PACKET_S, RETRIES
from quecsim.host.conversation import PROMPT, Conversation, Heard
from quecsim.host.port import line_seconds
from quecsim.mqtt import matches

SPARE_S = 5.0
OPEN_S = 120 + SPARE_S  # the manual's, as the next
LEAVE_S = 30 + SPARE_S
ANSWER_S = PACKET_S * (RETRIES + 1) + SPARE_S
LINGER_S = 1.0  # the reason for a failed login may come right behind it
PROMPT_S = 15.0
SUBSCRIPTION, PUBLICATION = 1, 2  # message identifiers
QOS = 1
REFUSED_TOPIC = 128

_DONE = 0
_NOTHING_ASKED: Final = Reply("", (), "OK")
_OPENED = re.compile(rf"\+QMTOPEN: ?{CLIENT},(-?\d+)")
_CLOSED = re.compile(rf"\+QMTCLOSE: ?{CLIENT},(-?\d+)")
_LOGGED_IN = re.compile(rf"\+QMTCONN: ?{CLIENT},([02])(?:,(\d+))?")
_SUBSCRIBED = re.compile(rf"\+QMTSUB: ?{CLIENT},{SUBSCRIPTION},([02])(?:,(\d+))?")
_PUBLISHED = re.compile(rf"\+QMTPUB(?:EX)?: ?{CLIENT},{PUBLICATION},([02])(?:,\d+)?")
_LEFT = re.compile(rf"\+QMTDISC: ?{CLIENT},(-?\d+)")
_MESSAGE = rf'\+QMTRECV: ?{CLIENT},\d+,"(TOPIC)",(?:\d+,)?"(TEXT)"'
_ANY_MESSAGE = re.compile(_MESSAGE.replace("TOPIC", '[^"]*').replace("TEXT", ".*"), re.DOTALL)


class Session(ConnectRun):
    """One client from its opening to its end.

    `is_open`: there may be a connection. `is_stuck`: the module may wait for the rest of a message.
    """

    def __init__(self, client: Conversation, plan: ConnectPlan, told: Told) -> None:
        super().__init__(client, plan, told)
        self.is_open = False
        self.is_stuck = False

    def clear(self) -> bool:
        """Close what another program has left open."""
        if self._is_listed():
            self.result.notes.append(f"MQTT client {CLIENT} was still open: it was closed first")
            self.client.request(f"AT+QMTCLOSE={CLIENT}", _CLOSED, LEAVE_S)
        return True

    def run(self) -> bool:
        """All steps but the last."""
        return self.open() and self.log_in() and self.talk()

    def open(self) -> bool:
        """The connection to the broker, with its TLS."""
        self.begin(Stage.OPEN)
        self.client.alarm()  # what was said up to now
        self.client.news.clear()
        self.is_open = True
        plan = self.plan
        opened = self.request(f'AT+QMTOPEN={CLIENT},"{plan.host}",{plan.port}', _OPENED, OPEN_S)
        if opened is None:
            return False
        code = int(opened[1])
        meaning = open_meaning(code, plan)
        sentence = f"{opened[0]}: {meaning.words}"
        advice = f"{meaning.advice}{self._clock()}" if code else ""
        return code == _DONE or self.fail_by_code("+QMTOPEN", code, sentence, advice)

    def log_in(self) -> bool:
        """CONNECT, and what the broker says to it."""
        self.begin(Stage.CONNECT)
        plan = self.plan
        names = [plan.client_id, *(each for each in (plan.user, plan.password) if each is not None)]
        values = ",".join(f'"{name}"' for name in names)
        answer = self.request(f"AT+QMTCONN={CLIENT},{values}", _LOGGED_IN, ANSWER_S)
        if answer is None:
            return False
        if int(answer[1]) != _DONE:
            return self._not_answered(answer[0])
        code = int(answer[2] or 0)
        if code:
            meaning = refused_meaning(code)
            sentence = f"{answer[0]}: the broker refuses the login: {meaning.words}"
            return self.fail_by_code("+QMTCONN", code, sentence, meaning.advice)
        self.result.connected = True
        return True

    def talk(self) -> bool:
        """What was asked for beyond the login."""
        plan = self.plan
        return (
            (plan.subscribe is None or self.subscribe(plan.subscribe))
            and (plan.publish is None or self.publish(plan.publish))
            and (plan.subscribe is None or self.await_message(plan.subscribe))
        )

    def subscribe(self, topic: str) -> bool:
        """The broker grants the subscription."""
        self.begin(Stage.SUBSCRIBE)
        told = f'AT+QMTSUB={CLIENT},{SUBSCRIPTION},"{topic}",{QOS}'
        answer = self.request(told, _SUBSCRIBED, ANSWER_S)
        if answer is None:
            return False
        granted = int(answer[2] or 0)
        if int(answer[1]) != _DONE:
            return self._not_answered(answer[0])
        if granted == REFUSED_TOPIC:
            sentence = f"{answer[0]}: the broker refuses the subscription to {topic}"
            advice = "see which topics it lets this client use"
            return self.fail_by_code("+QMTSUB", granted, sentence, advice)
        self.result.granted_qos = granted
        return True

    def publish(self, message: Publication) -> bool:
        """The prompt, then exactly the bytes that were announced; the broker acknowledges them."""
        self.begin(Stage.PUBLISH)
        payload, client = message.payload, self.client
        name = "AT+QMTPUBEX" if client.command("AT+QMTPUBEX=?").ok else "AT+QMTPUB"
        told = f'{name}={CLIENT},{PUBLICATION},{QOS},0,"{message.topic}",{len(payload)}'
        client.drop_news(_PUBLISHED)
        self.is_stuck = True
        reply = client.prompt(told, PROMPT_S)
        if reply.final == PROMPT:
            client.write(payload)
            reply = client.finish(told, PROMPT_S + line_seconds(len(payload), client.port.baudrate))
        if not reply.final:
            return self.fail(f"{name}: the module does not take the message", "restart the module")
        self.is_stuck = False
        heard = client.await_news(reply, _PUBLISHED, ANSWER_S) if reply.ok else Heard(reply)
        answer = self.heard(heard, ANSWER_S)
        if answer is None:
            return False
        if int(answer[1]) != _DONE:
            return self._not_answered(answer[0])
        self.result.published_bytes = len(payload)
        return True

    def await_message(self, topic: str) -> bool:
        """A message comes on the subscription: our own, where that is what was published."""
        self.begin(Stage.MESSAGE)
        own = self.plan.publish
        is_own = own is not None and matches(topic, own.topic)
        wanted = _own_message(own) if own is not None and is_own else _ANY_MESSAGE
        heard = self.client.await_news(_NOTHING_ASKED, wanted, self.plan.message_s)
        if heard.alarm is not None:
            return self.alarmed(heard.alarm)
        if heard.match is None:
            within = f"within {self.plan.message_s} s"
            what = "what was published did not come back" if is_own else "no message came"
            return self.fail(f"{what} on {topic} {within}", "wait longer: --message-timeout")
        self.result.received = Message(heard.match[1], heard.match[2])
        return True

    def leave(self) -> None:
        """Say goodbye, as far as there is somebody to say it to; close what is then still open."""
        if self.is_stuck:
            self.result.notes.append("the module may still wait for the rest of a message")
        if self.is_stuck or not self.is_open:
            return
        if self.result.ok:
            self.begin(Stage.CLOSE)
        self.client.news.clear()
        if self.result.connected:
            heard = self.client.request(f"AT+QMTDISC={CLIENT}", _LEFT, LEAVE_S)
            if self.result.ok and (heard.match is None or heard.match[1] != "0"):
                said = heard.match or [heard.alarm or heard.reply.explained]
                self.result.notes.append(f"the module did not leave the broker well: {said[0]}")
        if self._is_listed():
            self.client.request(f"AT+QMTCLOSE={CLIENT}", _CLOSED, LEAVE_S)

    def _is_listed(self) -> bool:
        """Whether the module says that the client has a connection."""
        lines = self.client.command("AT+QMTOPEN?").info("+QMTOPEN:")
        return any(line.startswith(f"{CLIENT},") for line in lines)

    def _not_answered(self, said: str) -> bool:
        """The module gave up; why the connection is over may follow at once."""
        heard = self.client.await_news(_NOTHING_ASKED, STAT, LINGER_S)
        if heard.match is not None:
            return self.alarmed(heard.match[0])
        advice = "the broker does not answer: check that it is one, and the network"
        return self.fail(f"{said}: the module had no answer from the broker", advice)

    def _clock(self) -> str:
        """What the module's clock says, where the certificates are compared with it."""
        if not self.plan.checks_time:
            return ""
        said = self.client.command("AT+CCLK?").info("+CCLK:")
        clock = said[0] if said else "nothing"
        return f"; that the module's clock is right, which says {clock}: AT+QNTP sets it"


def _own_message(message: Publication) -> re.Pattern[str]:
    """The very message that was published."""
    text = message.payload.decode("utf-8", "backslashreplace")
    filled = _MESSAGE.replace("TOPIC", re.escape(message.topic))
    return re.compile(filled.replace("TEXT", re.escape(text)), re.DOTALL)
