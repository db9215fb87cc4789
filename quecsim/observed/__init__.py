"""A real device, listened to: what both sides said, made into a record that report, conduct rules,
dialogue and pictures read as they read that of a run. Pure: bytes and times in, events out.
"""
