"""The one way to have a running device: rig, record, answer, steering."""
