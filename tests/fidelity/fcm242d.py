"""FCM242D&FGM842D AT Commands Manual, its dialogues in its order: commands first, then examples.

The text that we have is a conversion, in which angle brackets and numbers of lists were damaged.
"""

from tests.fidelity.dialogue import Document
from tests.fidelity.fcm242d_commands import COMMANDS, FILE_COMMANDS
from tests.fidelity.fcm242d_examples import EXAMPLES
from tests.fidelity.fcm242d_http import HTTP_EXAMPLES
from tests.fidelity.fcm242d_network import NETWORK_COMMANDS
from tests.fidelity.fcm242d_wifi import WIFI

DOCUMENT = Document(
    "FCM242D&FGM842D AT Commands Manual",
    devices=("fcm242d", "fgm842d"),
    dialogues=(*COMMANDS, *NETWORK_COMMANDS, *FILE_COMMANDS, *WIFI, *EXAMPLES, *HTTP_EXAMPLES),
)
