"""What the shared parts of the pages need and the template language lacks."""

from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from django import template
from django.utils.html import format_html, format_html_join

from ladder.web.review_states import chip_of
from ladder.web.template_constants import constant

SVG = "{http://www.w3.org/2000/svg}"
BOX = "0 0 24 24"  # of every drawing of the library
register = template.Library()

STATE_ICONS = {
    "not-started": "circle-dashed",
    "scheduled": "calendar-clock",
    "draft": "pencil-line",
    "waiting": "hourglass",
    "proposed": "send",
    "submitted": "send",
    "in-review": "scale",
    "revealed": "eye",
    "discussed": "messages-square",
    "signed": "signature",
    "reopened": "rotate-ccw",
    "due": "clock",
    "late": "clock-alert",
    "left": "log-out",
    "open": "door-open",
    "closed": "lock",
    "published": "book-check",
    "retired": "archive",
    "promoted": "circle-arrow-up",
    "not-yet": "calendar-sync",
    "declined": "circle-x",
    "appealed": "gavel",
    "failed": "octagon-alert",
    "running": "loader",
    "at-work": "loader",
    "ready": "circle-check",
    "done": "circle-check",
    "paused": "circle-pause",
    "cancelled": "circle-x",
    "expired": "archive",
    "gone": "eraser",
}

NOTICE_ICONS = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "refusal": "octagon-alert",
}

MESSAGE_KINDS = {"debug": "info", "error": "refusal"}


@register.simple_tag
@constant
@lru_cache(maxsize=512)
def icon(name, size=16):
    """Return the lucide icon as inline SVG, hidden from screen readers: the words beside it say it.

    The style sheet gives it the stroke that all of them have.
    """
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" viewBox="{1}" aria-hidden="true">{2}</svg>',
        size,
        BOX,
        _lines(name),
    )


@register.simple_tag
@constant
def shared_icons(*names):
    """Return what a page holds once that shows some icons many times, by `shared_icon`."""
    return format_html(
        "<svg hidden>{}</svg>", format_html_join("", "{}", ((_symbol(name),) for name in names))
    )


@register.simple_tag
@constant
@lru_cache(maxsize=64)
def shared_icon(name, size=16):
    """Return the icon as `icon` does, by what `shared_icons` left on the page: a third as long."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true"><use href="#icon-{1}"/></svg>',
        size,
        name,
    )


@lru_cache(maxsize=64)
def _symbol(name):
    return format_html('<symbol id="icon-{}" viewBox="{}">{}</symbol>', name, BOX, _lines(name))


def _lines(name):
    """Return what an icon is drawn with."""
    drawing = ElementTree.fromstring(_drawings().read(f"{name}.svg"))  # noqa: S314  ours to choose
    return format_html_join(
        "", "<{}{}/>", ((line.tag.removeprefix(SVG), _attributes(line)) for line in drawing)
    )


def _attributes(line):
    return format_html_join("", ' {}="{}"', line.attrib.items())


@cache
def _drawings():
    """Open the archive of all icons, once a process: the library opens it for each, which takes longer."""
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


@register.filter
def state_icon(state):
    """Return the name of the icon for a state, a plain circle for one it does not know."""
    return STATE_ICONS.get(state, "circle")


@register.filter
def state_for(review, reader):
    """Return the state of a review in words for whoever reads it."""
    return review.get_state_display(reader)


@register.filter
def chip(review):
    """Return the state by which the chip of a review is coloured."""
    return chip_of(review)


@register.filter
def notice_icon(kind):
    """Return the name of the icon for a kind of notice."""
    return NOTICE_ICONS.get(kind, "info")


@register.filter
def notice_kind(level_tag):
    """Return the kind of notice for the level tag of one of Django's messages."""
    return MESSAGE_KINDS.get(level_tag, level_tag)


@register.filter
def initials(name):
    """Return one or two letters for an avatar: the first of the first and of the last word."""
    words = str(name).split()
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper()


@register.filter
def widget_kind(field):
    """Return how a bound field is drawn: 'choices', 'choice', 'hidden' or 'control'."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if widget.use_fieldset:
        return "choices"
    return "choice" if getattr(widget, "input_type", "") == "checkbox" else "control"
