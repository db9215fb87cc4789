"""The full screen as a process of its own: `quecsim run --tui` starts it with the control socket's
path. How the run ended is told by who started it.
"""

import signal
import sys
from pathlib import Path

from quecsim.errors import QuecsimError


def main() -> None:
    """Exit codes: 0 it was left, or the simulator has ended; 2 it cannot be asked."""
    from quecsim.tui.app import show

    # Ctrl-C is for the run, too, which tells what came of it: until the screen takes it, it is
    # no more than the end. It was held back (`quecsim.cli.full_screen`), so that it finds us here.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    path = sys.argv[1]
    try:
        show(path)
    except QuecsimError as error:
        if not Path(path).exists():  # it was quicker, with a host program that has no more to do
            return
        print(f"quecsim: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
