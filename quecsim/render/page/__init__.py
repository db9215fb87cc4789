"""One page to mail: a run as a single HTML file that opens offline.

A section is a module here and a template of the same name in `templates`; `document` puts them
together, and `write` is what `quecsim report --html` calls. Everything is a pure function of the
record: the same record gives the same bytes.
"""
