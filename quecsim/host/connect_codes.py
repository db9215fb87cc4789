"""What the modules' MQTT codes mean, and what to do about each: literal tables.

The numbers are those of the FCM242D&FGM842D AT Commands Manual (+QMTOPEN, +QMTCONN, +QMTSTAT), and
the LTE modules share them; the return codes are MQTT 3.1.1's. What TLS does to a connection has no
number of its own: -1 and 5 stand for it on LTE modules, 3 on others.
"""

from collections.abc import Mapping
from typing import NamedTuple

from quecsim.host.connect_plan import ConnectPlan


class Meaning(NamedTuple):
    """What a number says, and what to do next."""

    words: str
    advice: str


_LISTENS = "make sure that something listens there, and that it speaks plain MQTT"
_WITH_TLS = "with TLS this is also what a refused certificate looks like: see "

OPEN: Mapping[int, Meaning] = {
    -1: Meaning("the network could not be opened", _LISTENS),
    1: Meaning("a parameter is wrong", "look at the host's name, and at the port"),
    2: Meaning("the client is in use", "close it with AT+QMTCLOSE=0, or restart the module"),
    3: Meaning("the packet context is not up", "see what AT+QIACT? says, and give --apn"),
    4: Meaning("the name was not found", "check the name, and that the network knows it"),
    5: Meaning("the connection did not come about", _LISTENS),
    6: Meaning("the module has no memory left", "close other connections, or restart the module"),
    7: Meaning("the connection did not come about", _LISTENS),
}
"""+QMTOPEN: <client>,<result>."""

CERTIFICATE_CODES = frozenset({-1, 3, 5, 7})
"""Those of `OPEN` that may be about a certificate where TLS is on."""

REFUSED: Mapping[int, Meaning] = {
    1: Meaning("it does not speak this version of MQTT", "the broker has to take MQTT 3.1.1"),
    2: Meaning("it does not like the client's name", "give another --client-id"),
    3: Meaning("it is not available", "try again later"),
    4: Meaning("the user name or password is wrong", "check --user and --password"),
    5: Meaning("the client may not come in", "give --user, --password, --client-id"),
}  # fmt: skip
"""+QMTCONN: <client>,0,<return code>."""

STAT: Mapping[int, Meaning] = {
    1: Meaning("the broker closed the connection", "the broker's log says why"),
    2: Meaning("the broker did not answer to PINGREQ", "check the network, and try again"),
    3: Meaning("the login could not be sent", "check the network, and try again"),
    4: Meaning("the broker did not answer the login", "see that it is an MQTT broker"),
    5: Meaning("the client said goodbye", "see that no other program uses the module"),
    6: Meaning("sending failed again and again", "check the network, and try again"),
    7: Meaning("the link is dead", "check the network, and try again"),
    8: Meaning("the client closed the connection", "see that it is an MQTT broker"),
}
"""+QMTSTAT: <client>,<code>."""

_UNKNOWN = Meaning("no meaning is known", "see the module's own manual")


def open_meaning(code: int, plan: ConnectPlan) -> Meaning:
    """What +QMTOPEN says. Where it may be about TLS, the advice is about certificates."""
    meaning = OPEN.get(code, _UNKNOWN)
    if not plan.tls or code not in CERTIFICATE_CODES:
        return meaning
    return meaning._replace(advice=_WITH_TLS + "; ".join(_certificates(plan)))


def _certificates(plan: ConnectPlan) -> list[str]:
    """What to look at, the likeliest first."""
    hints = []
    if not plan.is_verified:
        hints.append(f"that {plan.cacert} is whole, which nobody has checked")
    hints.append("that it is the CA that signed the broker's certificate")
    hints.append(f"that something listens at {plan.where}, and speaks TLS 1.2")
    if plan.client_cert is not None:
        hints.append("that the broker takes the client's certificate, and the key fits it")
    return hints


def refused_meaning(code: int) -> Meaning:
    """Why the broker refused the login."""
    return REFUSED.get(code, _UNKNOWN)


def stat_meaning(code: int) -> Meaning:
    """Why the connection is over."""
    return STAT.get(code, _UNKNOWN)
