"""Which broker to go to and how, and what came of it: the two records of a connection.

ConnectPlan     broker, certificates, access point, what to subscribe to and to publish
ConnectResult   how far the module came; ends with a failure and what to do about it, or with none
"""

from dataclasses import dataclass, field
from enum import StrEnum

from quecsim.errors import QuecsimError
from quecsim.mqtt import is_filter, is_name

MOST_HOST_BYTES, MOST_PAYLOAD_BYTES = 100, 4096


class Stage(StrEnum):
    """What is being done: in this order."""

    COMMANDS = "looking for the commands"
    REGISTRATION = "waiting for the network"
    CONTEXT = "activating the packet context"
    SETTINGS = "setting TLS and MQTT"
    OPEN = "opening the connection"
    CONNECT = "logging in to the broker"
    SUBSCRIBE = "subscribing"
    PUBLISH = "publishing"
    MESSAGE = "waiting for a message"
    CLOSE = "leaving the broker"


@dataclass(frozen=True, slots=True)
class Publication:
    """A message: its topic, and 1 to 4096 bytes of text as UTF-8."""

    topic: str
    text: str

    @property
    def payload(self) -> bytes:
        """The bytes that go behind the prompt."""
        return self.text.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class ConnectPlan:
    """A connection to the MQTT broker `host`:`port`, by the module's own client.

    `cacert` is the CA certificate's file on the module, None for plain TCP; `is_verified` says
    whether that file is known to be whole. `client_cert` and `client_key` are files on the module,
    too. `checks_time`: the module compares the certificates with its clock. `sni`: it names the
    host in the handshake. `apn` None leaves the packet context as it is defined. `registration_s`
    and `message_s` bound the waits for the network and for a message. Raises QuecsimError for what
    cannot be sent, and for what does not go together.
    """

    host: str
    port: int
    cacert: str | None = None
    is_verified: bool = True
    client_cert: str | None = None
    client_key: str | None = None
    checks_time: bool = False
    sni: bool = True
    apn: str | None = None
    apn_user: str | None = None
    apn_password: str | None = None
    client_id: str = "quecsim"
    user: str | None = None
    password: str | None = None
    subscribe: str | None = None
    publish: Publication | None = None
    registration_s: int = 60
    message_s: int = 30

    def __post_init__(self) -> None:
        self._check_texts()
        fits = 1 <= self.port <= 65_535 and len(self.host.encode()) <= MOST_HOST_BYTES
        _need(fits, f"no broker {self.where}", "a name of up to 100 bytes, and a port 1-65535")
        self._check_tls()
        lone = self.password is not None and self.user is None
        _need(not lone, "--password makes no sense without --user", "give --user too")
        lone = self.apn is None and (self.apn_user or self.apn_password) is not None
        _need(not lone, "--apn-user and --apn-password need --apn", "give --apn too")
        self._check_topics()

    def _check_texts(self) -> None:
        """Nothing that quotation marks of a command cannot hold, and nothing empty."""
        for option, text in (
            ("--then-connect", self.host), ("--name", self.cacert), ("--apn", self.apn),
            ("--client-cert", self.client_cert), ("--client-key", self.client_key),
            ("--apn-user", self.apn_user), ("--apn-password", self.apn_password),
            ("--client-id", self.client_id), ("--user", self.user), ("--password", self.password),
        ):  # fmt: skip
            is_whole = text is None or (text != "" and '"' not in text and text.isprintable())
            hint = "not empty, and without quotation marks and control characters"
            _need(is_whole, f"{option} cannot be sent like that", hint)

    def _check_tls(self) -> None:
        """A client certificate has a key, and both need TLS."""
        both = (self.client_cert is None) == (self.client_key is None)
        hint = "a certificate of the client and its key belong together"
        _need(both, "--client-cert and --client-key need each other", hint)
        needs_tls = self.client_cert is not None or self.checks_time
        option = "--client-cert" if self.client_cert else "--check-time"
        _need(self.tls or not needs_tls, f"{option} makes no sense with --no-tls", "leave one out")

    def _check_topics(self) -> None:
        """Topics by the standard's rules, a payload that a prompt takes."""
        wanted = self.subscribe
        hint = "levels between /, + for one of them, # at the end for all the rest"
        is_right = wanted is None or (is_filter(wanted) and _fits_quotes(wanted))
        _need(is_right, f"{wanted!r} is no topic to subscribe to", hint)
        if self.publish is None:
            return
        topic, count = self.publish.topic, len(self.publish.payload)
        is_right = is_name(topic) and _fits_quotes(topic)
        _need(is_right, f"{topic!r} is no topic to publish to", "TOPIC=TEXT, without + and #")
        fits = 1 <= count <= MOST_PAYLOAD_BYTES
        _need(fits, f"a message of {count} bytes cannot be sent", "it has 1 to 4096")

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.cacert is not None

    @property
    def where(self) -> str:
        """`broker.example:8883`."""
        return f"{self.host}:{self.port}"


def _fits_quotes(text: str) -> bool:
    return '"' not in text and text.isprintable()


def _need(holds: bool, message: str, hint: str) -> None:
    """The user's mistake `message` unless `holds`."""
    if not holds:
        raise QuecsimError(message, hint=hint)


@dataclass(frozen=True, slots=True)
class Message:
    """A message that came: its payload is text, with what is no UTF-8 as `\\xNN`."""

    topic: str
    text: str


@dataclass(slots=True)
class ConnectResult:
    """What is known of a connection so far; None for what was not reached.

    `stage` is the last one begun. `registration` is the network's answer in 27.007's numbers (1 at
    home, 5 roaming), `address` the module's own. `published_bytes` were acknowledged by the broker,
    `granted_qos` is the subscription's. `failure` is a sentence for people, `advice` what to do
    next; `command` and `code` are the unsolicited result code behind it, where there is one.
    """

    host: str
    port: int
    tls: bool
    client_id: str
    stage: Stage = Stage.COMMANDS
    registration: int | None = None
    address: str | None = None
    connected: bool = False
    granted_qos: int | None = None
    published_bytes: int | None = None
    received: Message | None = None
    command: str | None = None
    code: int | None = None
    failure: str | None = None
    advice: str | None = None
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, plan: ConnectPlan) -> "ConnectResult":
        """The result of `plan` before anything was done."""
        return cls(plan.host, plan.port, plan.tls, plan.client_id)

    @property
    def ok(self) -> bool:
        """Whether all that was planned came about."""
        return self.failure is None
