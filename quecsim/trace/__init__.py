"""The record: one stream of events on the model's clock, drained by whoever drives the model."""
