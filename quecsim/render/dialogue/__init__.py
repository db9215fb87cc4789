"""What was said and what happened, one line each, from the events of a run.

    dialogue = Dialogue()
    for line in dialogue.feed(events):
        print(line_text(line))

`DialogueText` does that for a reader who has chosen groups, times, colour and width.

Pure: events in, lines out, in bounded memory. The same events give the same lines in whatever
pieces they are fed, and so a live log is what the record says later.
"""

from quecsim.render.dialogue.columns import Clock, Times, line_text, seconds
from quecsim.render.dialogue.dialogue import LEFT_OUT, Dialogue
from quecsim.render.dialogue.line import Group, Line, Way, groups_of
from quecsim.render.dialogue.text import DialogueText

__all__ = [
    "LEFT_OUT",
    "Clock",
    "Dialogue",
    "DialogueText",
    "Group",
    "Line",
    "Times",
    "Way",
    "groups_of",
    "line_text",
    "seconds",
]
