"""The one renderer of text that people write: Markdown without HTML or images, then a sanitiser."""

from functools import lru_cache

import nh3
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

LONGEST = 20_000  # characters; Markdown of this size renders well within a second, tables being the slowest

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote",
    "ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}


def render(text: str | None) -> SafeString:
    """Markdown in, harmless HTML out.

    Headings become strong paragraphs, so that a person's text never disturbs the outline of the page
    or the bookmarks of the packet around it; an image becomes its description. A text longer than
    LONGEST is set as plain paragraphs: nothing of it is lost, and the time stays bounded.
    """
    text = (text or "").replace("\x00", "")
    html = linebreaks(escape(text)) if len(text) > LONGEST else _markdown().render(text)
    return mark_safe(_clean(html))  # noqa: S308 - the one place: what nh3 has cleaned


def _clean(html):
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener nofollow",
    )


@lru_cache(maxsize=1)
def _markdown():
    markdown = MarkdownIt("js-default", {"html": False})
    markdown.add_render_rule("image", _description)
    markdown.add_render_rule("heading_open", _strong_paragraph)
    markdown.add_render_rule("heading_close", _end_of_strong_paragraph)
    return markdown


def _description(renderer, tokens, index, options, env):
    return escape(tokens[index].content)


def _strong_paragraph(renderer, tokens, index, options, env):
    return "<p><strong>"


def _end_of_strong_paragraph(renderer, tokens, index, options, env):
    return "</strong></p>\n"
