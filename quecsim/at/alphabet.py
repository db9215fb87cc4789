"""The alphabet that strings have towards the host (+CSCS, 3GPP TS 27.007 5.5).

With "UCS2" each character is four hexadecimal digits, both ways; "GSM" and "IRA" are plain here.
"""

from quecsim.at.context import Context
from quecsim.at.results import AtError, Cme, Cms

NAME = "+CSCS"
ALPHABETS = ("GSM", "IRA", "UCS2")


def alphabet(context: Context) -> str:
    """The one in use."""
    return str(context.settings.config.get(NAME, ALPHABETS)[0])


def shown(context: Context, text: str) -> str:
    """The text as the host is to read it."""
    return text.encode("utf-16-be").hex().upper() if alphabet(context) == "UCS2" else text


def understood(
    context: Context, text: str, bad_parameter: Cme | Cms = Cme.INCORRECT_PARAMETERS
) -> str:
    """What the host has written. AtError `bad_parameter` where it is not in the alphabet."""
    if alphabet(context) != "UCS2":
        return text
    try:
        return bytes.fromhex(text).decode("utf-16-be")
    except ValueError:
        raise AtError(bad_parameter) from None
