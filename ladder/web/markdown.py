"""The one renderer of text that people write: Markdown without HTML or images, then a sanitiser.

What is not plainly meant as Markdown stays as it was typed: line breaks, `# of incidents`, `2019. That year`,
`5*3*2`. Packets of the first two formats are read by the rules of their time, so that their bytes stay.
"""

import re
from functools import lru_cache

import nh3
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_block import blockquote, heading, list_block, table
from markdown_it.rules_inline import emphasis
from markdown_it.rules_inline import escape as backslash
from markdown_it.token import Token

LONGEST = 20_000  # characters; Markdown of this size renders well within a second, tables being the slowest
AS_TYPED = 3  # the first format of packets whose texts are read by the rules of today

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote",
    "ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}
ATTRIBUTES = {"*": set(), "a": {"href"}, "ol": {"start"}, "li": {"value"}}
CLEANER = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener nofollow")

ADDRESS = re.compile(
    r"(?<![a-z0-9_])(?:https?://|www\.)(?:(?!\*\*)[^][\s<>\"`\x00-\x20“”„«»，。、；：！？（）【】《》「」『』])+",
    re.IGNORECASE,
)
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
PAIRS = {")": "(", "]": "[", "}": "{"}
# Scripts that put no space between words: emphasis stands inside what looks like one word.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
COUNTED = 99  # the highest number at which a list begins; beyond it stands a year or an amount
COLUMNS = 40  # of a table: beyond, a column is narrower on paper than a letter
BREAKS_PARAGRAPHS = ["paragraph", "reference", "blockquote"]


def render(text: str | None, *, format: int = AS_TYPED) -> SafeString:
    """Markdown in, harmless HTML out. `format` is that of the packet in which the text stands, if any.

    Headings become strong paragraphs, so that a person's text never disturbs the outline of the page
    or the bookmarks of the packet around it; an image becomes its description. A text longer than
    LONGEST is set as plain paragraphs: nothing of it is lost, and the time stays bounded.
    """
    text = (text or "").replace("\x00", "")
    markdown = _markdown() if format >= AS_TYPED else _markdown_of_before()
    html = linebreaks(escape(text)) if len(text) > LONGEST else markdown.render(text)
    return mark_safe(CLEANER.clean(html))  # noqa: S308 - the one place: what nh3 has cleaned


@lru_cache(maxsize=1)
def _markdown_of_before():
    markdown = MarkdownIt("js-default", {"html": False})
    markdown.add_render_rule("image", _description)
    markdown.add_render_rule("heading_open", _strong_paragraph)
    markdown.add_render_rule("heading_close", _end_of_strong_paragraph)
    return markdown


@lru_cache(maxsize=1)
def _markdown():
    markdown = _Typed("js-default", {"html": False, "breaks": True})
    markdown.disable(["lheading", "reference", "entity"])  # each would take letters away
    blocks, inline = markdown.block.ruler, markdown.inline.ruler
    blocks.at("heading", _heading, {"alt": BREAKS_PARAGRAPHS})
    blocks.at("table", _table, {"alt": ["paragraph", "reference"]})
    blocks.at("list", _list, {"alt": BREAKS_PARAGRAPHS})
    blocks.at("blockquote", _quotation, {"alt": [*BREAKS_PARAGRAPHS, "list"]})
    inline.at("text", _text)
    inline.at("escape", _escape)
    inline.at("emphasis", _emphasis)
    inline.before("text", "address", _address)
    markdown.core.ruler.push("as_typed", _as_typed)
    markdown.add_render_rule("image", _description_or_address)
    markdown.add_render_rule("fence", _fence)
    markdown.add_render_rule("heading_open", _strong_paragraph)
    markdown.add_render_rule("heading_close", _end_of_strong_paragraph)
    return markdown


class _Typed(MarkdownIt):
    """Markdown whose links leave the site when they name a host, and stay text when they lead nowhere."""

    def normalizeLink(self, url):
        if url.startswith("//"):
            url = f"http:{url}"
        elif HOST.match(url) and not SCHEME.match(url):
            url = f"http://{url}"
        return super().normalizeLink(url)

    def validateLink(self, url):
        leads_somewhere = url.startswith("/") or SCHEME.match(url)
        return bool(leads_somewhere) and super().validateLink(url)


def _heading(state, start, end, silent):
    """Read `## Result` and `# Result` as headings, and `# of incidents` and `# Q3: 5` as they are typed."""
    typed = _line(state, start)
    words = typed[1:].strip()
    if typed.startswith("# ") and (not words[:1].isupper() or any(c.isdigit() for c in words)):
        return False
    return heading(state, start, end, silent)


def _table(state, start, end, silent):
    """Leave a table as it is typed that has more columns than a page has room for."""
    return _line(state, start).count("|") <= COLUMNS and table(state, start, end, silent)


def _list(state, start, end, silent):
    """Read `2019. That year` and `+ 12 %` as they are typed: nobody counts so far or adds with a bullet."""
    typed = _line(state, start)
    number = re.match(r"(\d+)[.)]", typed)
    if (number and int(number[1][:9]) > COUNTED) or re.match(r"\+\s+\d", typed):
        return False
    return list_block(state, start, end, silent)


def _quotation(state, start, end, silent):
    """Read `> 99 %` and `>= 5` as they are typed."""
    return not re.match(r">\s*[\d=]", _line(state, start)) and blockquote(state, start, end, silent)


def _line(state, number):
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _text(state, silent):
    """Take plain letters up to the next mark or bare address."""
    start = state.pos
    mark = state.md.inline.terminator_re.search(state.src, start)
    end = mark.start() if mark else state.posMax
    if address := ADDRESS.search(state.src, start, end + len("https://")):
        end = min(end, address.start())
    if end == start:
        return False
    if not silent:
        state.append_pending(state.src[start:end])
    state.pos = end
    return True


def _address(state, silent):
    """Make a bare address a link, without the punctuation after it."""
    found = None if state.linkLevel else ADDRESS.match(state.src, state.pos, state.posMax)
    typed = found and _trimmed(found[0])
    if not typed or not re.search(r"//\w|\.\w", typed):
        return False
    url = state.md.normalizeLink(typed)
    if not state.md.validateLink(url):
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": url}
        state.push("text", "", 0).content = typed
        state.push("link_close", "a", -1)
    state.pos += len(typed)
    return True


def _trimmed(address):
    while address:
        last = address[-1]
        if last in ".,:;!?*_~'’|" or (last in PAIRS and address.count(last) > address.count(PAIRS[last])):
            address = address[:-1]
        else:
            return address
    return address


def _escape(state, silent):
    r"""Take the backslash before a mark away, and keep those of `\\server\share` and at the end of a line."""
    after = state.src[state.pos + 1 : state.pos + 2]
    if state.src[state.pos] != "\\" or after == "\n":
        return False
    if after != "\\":
        return backslash(state, silent)
    if not silent:
        state.append_pending("\\\\")
    state.pos += 2
    return True


def _emphasis(state, silent):
    """Read `*` between letters or digits, and two `_` anywhere, as they are typed: `5*3*2`, `__init__`."""
    start = state.pos
    marker = state.src[start]
    if silent or marker not in "*_":
        return emphasis.tokenize(state, silent)
    end = start
    while end < state.posMax and state.src[end] == marker:
        end += 1
    within = (
        start > 0 and end < state.posMax and _is_spaced(state.src[start - 1]) and _is_spaced(state.src[end])
    )
    if not within and (marker == "*" or end - start == 1):
        return emphasis.tokenize(state, silent)
    state.append_pending(state.src[start:end])
    state.pos = end
    return True


def _is_spaced(letter):
    return letter.isalnum() and not UNSPACED.match(letter)


def _as_typed(state):
    """Keep the numbers of a list that does not simply count on, and name a link without words."""
    for place, token in enumerate(state.tokens):
        if token.type == "ordered_list_open":
            _keep_numbers(state.tokens, place)
        elif token.type == "inline":
            token.children = _with_words(token.children or [])


def _keep_numbers(tokens, place):
    level, items = tokens[place].level, []
    for token in tokens[place + 1 :]:
        if token.type == "ordered_list_close" and token.level == level:
            break
        if token.type == "list_item_open" and token.level == level + 1:
            items.append(token)
    numbers = [int(item.info) for item in items]
    if len(set(numbers)) == 1:  # each item counted as the first is how Markdown lets it count by itself
        return
    for item, number, expected in zip(
        items, numbers, [None, *(number + 1 for number in numbers)], strict=False
    ):
        if expected is not None and number != expected:
            item.attrs = {"value": number}


def _with_words(children):
    words = []
    for token, after in zip(children, [*children[1:], None], strict=True):
        words.append(token)
        if token.type == "link_open" and after is not None and after.type == "link_close":
            words.append(Token("text", "", 0, content=str(token.attrs["href"])))
    return words


def _description(renderer, tokens, index, options, env):
    return escape(tokens[index].content)


def _description_or_address(renderer, tokens, index, options, env):
    return escape(tokens[index].content or tokens[index].attrs["src"])


def _fence(renderer, tokens, index, options, env):
    """Set a block of code, with what stood beside its fence when that is more than the name of a language."""
    token = tokens[index]
    beside = token.info.strip()
    kept = f"{beside}\n" if beside and (" " in beside or not token.content) else ""
    return f"<pre><code>{escape(kept + token.content)}</code></pre>\n"


def _strong_paragraph(renderer, tokens, index, options, env):
    return "<p><strong>"


def _end_of_strong_paragraph(renderer, tokens, index, options, env):
    return "</strong></p>\n"
