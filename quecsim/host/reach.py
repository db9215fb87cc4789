"""The first word with a module, in whatever state another program has left it.

reach(client, notes)    get an answer to AT; False where there is none
"""

from quecsim.host.at_client import AtClient


def reach(client: AtClient, notes: list[str]) -> bool:
    """Get an answer to AT, even from a device in data mode; what was odd goes to `notes`."""
    if client.sync():
        return True
    left = client.leave_data_mode()
    if not client.sync():
        return False
    notes.append(
        "the module was still in data mode: +++ ended that"
        if left.final
        else "the module did not answer at first: was it starting?"
    )
    return True


def no_answer(client: AtClient) -> str:
    """That there is none, and what to look at."""
    return f"no answer to AT at {client.port.baudrate} baud: is it on, and is the rate right?"
