"""Was the host right? Conduct, verdicts and causes, from the report and the events."""
