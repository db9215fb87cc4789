"""How Sphinx builds the site. Nothing of it comes from the network, when it is built or read."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

import quecsim
from website.generated.command_line import commands, help_line

project = "quecsim"
author = "the quecsim authors"
copyright = author
version = release = quecsim.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 4
default_role = "code"  # docstrings are written with single backticks
nitpicky = True
# An annotation names what it likes; that not all of it has an entry of its own is no broken link.
nitpick_ignore_regex = [("py:(class|data|obj)", r".*")]
highlight_language = "text"
smartquotes = False  # AT commands have quotes of their own

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 80

html_theme = "furo"
html_title = "quecsim"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_search_scorer = str(Path(__file__).with_name("scorer.js"))
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}

man_pages = [
    ("COMMANDS", "quecsim", "a simulated Quectel module at the end of a serial port", author, 1),
    *(
        (f"reference/quecsim-{name}", f"quecsim-{name}", help_line(command), author, 1)
        for name, command in commands().items()
    ),
]
man_show_urls = False

_UNIONS = {
    "Event": re.compile(r"(?:~?quecsim\.trace\.event\.\w+ \| )+~?quecsim\.trace\.event\.\w+"),
    "Effect": re.compile(r"(?:~?quecsim\.at\.effects\.\w+ \| )+~?quecsim\.at\.effects\.\w+"),
}
_DOCUMENT = re.compile(r"(?<![\w/`])docs/([\w/]+)\.md")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-process-signature", _shorten)
    app.connect("autodoc-process-docstring", _link_documents)
    app.connect("doctree-resolved", _no_links_in_man)


def _shorten(*told: Any) -> tuple[str | None, str | None]:
    """All events in one are an `Event`, as the code calls them."""
    arguments, returned = told[-2:]
    return _named(arguments), _named(returned)


def _named(signature: str | None) -> str | None:
    for name, union in _UNIONS.items():
        signature = signature and union.sub(name, signature)
    return signature


def _link_documents(*told: Any) -> None:
    """A docstring that names a document leads to its page."""
    lines: list[str] = told[-1]
    lines[:] = [_DOCUMENT.sub(r":doc:`/\1`", line) for line in lines]


def _no_links_in_man(app: Sphinx, tree: nodes.document, _name: str) -> None:
    """A man page shows the words of a link to another page, and nothing of the link."""
    if app.builder.format == "man":
        for link in list(tree.findall(nodes.reference)):
            if "://" not in link.get("refuri", ""):
                link.replace_self(link.children)
