"""Steps that activate a packet context for the device's own TCP/IP."""

from collections.abc import Generator
from typing import Any

from quecsim.at.context import Context, tcpip
from quecsim.at.effects import Effect, Sleep
from quecsim.at.results import Tcpip
from quecsim.units import ms


def activation(
    context: Context, number: int, *, is_call: bool = False
) -> Generator[Effect, Any, Tcpip]:
    """Activate context `number`, which takes its time; returns NONE, or why that failed.

    One that TCP/IP uses already, or that the network has taken away and the host has not put away,
    is NOT_ALLOWED at once. `is_call`: it is a call for circuit-switched data, which
    nobody answers.
    """
    error = context.bearer.refusal(number)
    if error is not Tcpip.NONE:
        return error
    yield Sleep(ms(tcpip(context).activate_ms), "a packet context was being activated")
    return Tcpip.CONTEXT_FAILED if is_call else context.bearer.activate(number)


def ensure(context: Context, number: int) -> Generator[Effect, Any, Tcpip]:
    """Have context `number` up for a connection (AT+QIOPEN, AT+QMTOPEN); NONE where it is.

    One that is not up is activated where the device does that by itself
    (`tcpip.implicit_activation`), and CONTEXT_FAILED elsewhere. One that was lost stays so. Over
    Wi-Fi there is no packet context, and `number` is 0: it is NOT_ALLOWED without an address.
    """
    if context.wlan is not None:
        return Tcpip.NONE if context.wlan.is_online else Tcpip.NOT_ALLOWED
    if context.bearer.is_up(number):
        return Tcpip.NONE
    if number in context.bearer.broken or not tcpip(context).implicit_activation:
        return Tcpip.CONTEXT_FAILED
    error = yield from activation(context, number)
    # Somebody else may have been quicker.
    return Tcpip.NONE if context.bearer.is_up(number) else error


def is_up(context: Context, number: int) -> bool:
    """Whether a connection can run over context `number` now, or over Wi-Fi."""
    return context.bearer.is_up(number) if context.wlan is None else context.wlan.is_online
