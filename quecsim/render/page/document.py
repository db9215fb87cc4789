"""The page: its sections, its style and its script in one file."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import bokeh
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from quecsim import __version__
from quecsim.render.files.words import window_title
from quecsim.render.layout import safe
from quecsim.render.page.about import about_view
from quecsim.render.page.data import as_json, packed, page_data
from quecsim.render.page.dialogue import dialogue_view
from quecsim.render.page.figure import timeline_item
from quecsim.render.page.lanes import ABOUT, page_lanes
from quecsim.render.page.losses import losses_view
from quecsim.render.page.palette import PALETTE, style_variables
from quecsim.render.page.picture import first_view, picture
from quecsim.render.page.places import lost_places
from quecsim.render.page.story import story
from quecsim.render.page.verdict import verdict_view
from quecsim.render.recorded import Recorded
from quecsim.render.timeline import timeline

_SCRIPTS = ("data.js", "timeline.js", "dialogue.js", "page.js")


def page_html(recorded: Recorded) -> str:
    """The whole page of a run."""
    made, places = timeline(recorded), lost_places(recorded)
    lanes = page_lanes(made, places)
    window = first_view(recorded, made, places)
    whole = made.begin_ns, made.end_ns
    pictures = [picture(made, lanes, whole, "The whole run")]
    if window != whole:
        pictures.insert(0, picture(made, lanes, window, _title(recorded)))
    return render(
        "page.html.jinja",
        recorded=recorded,
        verdict=verdict_view(recorded),
        story=story(recorded),
        losses=losses_view(recorded),
        about=about_view(recorded),
        dialogue=dialogue_view(recorded, places),
        legend=[(lane.title, ABOUT[lane.key]) for lane in lanes],
        why_no_wire=made.why_no_wire.partition("\n")[0],
        pictures=pictures,
        data=packed(as_json(page_data(made, lanes, places))),
        figure=packed(as_json(timeline_item(made, lanes, window))),
    )


def _title(recorded: Recorded) -> str:
    """Of the picture of a part of the run."""
    return "The first loss" if recorded.window is None else window_title(*recorded.window)


def render(template: str, **views: Any) -> str:
    """A page from a template: whatever stands in `views` is escaped."""
    script = "\n".join(asset(name) for name in _SCRIPTS)
    return still_page(
        template,
        scripts=(script, library()),
        palette=Markup(as_json({each.light: each.dark for each in PALETTE.values()})),
        script=Markup(script),
        library=Markup(_packed_library()),
        **views,
    )


def still_page(
    template: str, *, styles: Sequence[str] = (), scripts: Sequence[str] = (), **views: Any
) -> str:
    """The same without a library: `styles` are further assets, and no scripts run but `scripts`."""
    return (
        _environment()
        .get_template(template)
        .render(
            version=__version__,
            style=Markup("".join(map(asset, ("page.css", *styles)))),
            light=Markup(style_variables("light")),
            dark=Markup(style_variables("dark")),
            policy=_policy(*scripts),
            **views,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("quecsim.render.page", "templates"),
        autoescape=True,
        finalize=_harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _harmless(value: Any) -> Any:
    """Text that can be printed: no control characters, and none that turn the direction."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return value if value.isprintable() else "\n".join(map(safe, value.split("\n")))


@cache
def asset(name: str) -> str:
    """A file that is part of every page."""
    return files("quecsim.render.page").joinpath("assets", name).read_text("utf-8")


@cache
def library() -> str:
    """BokehJS."""
    path = Path(bokeh.__file__).parent / "server" / "static" / "js" / "bokeh.min.js"
    return path.read_text("utf-8")


@cache
def _packed_library() -> str:
    return packed(library())


def _policy(*scripts: str) -> str:
    """What a browser may do for this page: run these scripts, and ask nobody for anything."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()
