"""The one renderer of user text: what comes out is harmless, whole, and in time."""

import re
import time
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString

from ladder.text import LONGEST, SCHEMES, TAGS, render

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "handler": '<img src=x onerror="alert(1)">',
    "javascript link": "[a](javascript:alert(1))",
    "javascript link in capitals": "[a](JaVaScRiPt:alert(1))",
    "javascript link with a tab": "[a](java\tscript:alert(1))",
    "entity in a link": "[a](&#106;avascript:alert(1))",
    "data link": "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "file link": "[a](file:///etc/passwd)",
    "autolink": "<javascript:alert(1)>",
    "image": "![look](https://elsewhere.example/spy.png)",
    "image by reference": "![look][1]\n\n[1]: https://elsewhere.example/spy.png",
    "svg": '<svg onload="alert(1)"><use href="https://elsewhere.example/x"/></svg>',
    "frame": '<iframe src="https://elsewhere.example"></iframe>',
    "style": "<style>body{display:none}</style>",
    "style attribute": '<p style="position:fixed">x</p>',
    "base": '<base href="https://elsewhere.example/">',
    "attachment": '<link rel="attachment" href="file:///etc/passwd">',
    "form": '<form action="https://elsewhere.example"><input></form>',
    "link title": '[a](https://example.org "\\" onmouseover=alert(1) x=\\"")',
    "code fence": '```"><script>alert(1)</script>\nx\n```',
    "table": "| a |\n|:-:|\n| <script>alert(1)</script> |",
    "nul": "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "half a tag": "<<script>alert(1)//<</script>",
    "htmx": '<a hx-get="/x" hx-trigger="load">x</a>',
}


class Inventory(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_comes_out_harmless(text):
    found = Inventory(render(text))
    assert found.tags <= TAGS
    assert {name for name, _value in found.attributes} <= {"href", "rel", "start"}
    for name, value in found.attributes:
        if name == "href":
            assert value.split(":")[0] in SCHEMES


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>\n"),
        ("**strong** and *said*", "<p><strong>strong</strong> and <em>said</em></p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>\n'),
        ("# Heading", "<p><strong>Heading</strong></p>\n"),
        ("![a chart](https://example.org/a.png)", "<p>a chart</p>\n"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
        ("Łucja, Пётр, Νίκος", "<p>Łucja, Пётр, Νίκος</p>\n"),
        ("", ""),
        (None, ""),
    ],
)
def test_text_is_set(text, html):
    assert render(text) == html


def test_a_link_tells_nobody_and_vouches_for_nothing():
    assert Inventory(render("[a](https://example.org)")).attributes == [
        ("href", "https://example.org"),
        ("rel", "noopener nofollow"),
    ]


def test_a_text_that_is_too_long_is_kept_whole_and_plain():
    text = "**word** <b>\n\n" * (LONGEST // 10)
    html = render(text)
    assert "<strong>" not in html
    assert html.count("**word**") == text.count("**word**")
    assert Inventory(html).tags <= {"p", "br"}


@pytest.mark.parametrize(
    "piece",
    [
        "<script>alert(1)</script>",
        "| a | b |\n|---|---|\n",
        "[" * 50,
        "> " * 50,
        "*a ",
        "`",
        "&#35;",
        "- " * 40 + "x\n",
        "![](",
    ],
)
@pytest.mark.parametrize("size", [LONGEST, 100_000])
def test_time_is_bounded(piece, size):
    text = (piece * (size // len(piece) + 1))[:size]
    started = time.process_time()
    html = render(text)
    assert time.process_time() - started < 4
    assert Inventory(html).tags <= TAGS


def test_the_filter_is_the_renderer():
    html = Template("{% load text %}{{ text|markdown }}").render(Context({"text": "*a* <b>"}))
    assert html == render("*a* <b>")
    assert isinstance(render("a"), SafeString)
    assert re.search("<em>a</em> &lt;b&gt;", html)
