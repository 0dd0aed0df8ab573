"""The one renderer of user text: what comes out is harmless, whole, and in time."""

import re
import time
from html import unescape
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString

from ladder.web.markdown import LONGEST, SCHEMES, TAGS, render

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
    "opened in place": '<a href="/x" data-in-place>x</a>',
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
    assert {name for name, _value in found.attributes} <= {"href", "rel", "start", "value"}
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


@pytest.mark.parametrize(
    "text",
    [
        "# of incidents",
        "# Incidents: 5",
        "2019. That year",
        "5*3*2",
        "2*x and y*3",
        "> 99 %",
        ">= 5",
        "+ 12 % in May",
        "__init__.py",
        r"\\wiki\share",
        "C:\\",
        "&copy; AT&T;",
        "[1]: see below",
        "[notes](wiki/page)",
        "Result\n===",
        "a < b > c",
        "www. is a prefix, https:// is another",
    ],
)
def test_what_is_not_meant_as_markdown_stays_as_it_was_typed(text):
    assert seen(render(text)) == text


def seen(html):
    """The letters of markup of one paragraph, lines and all."""
    return unescape(re.sub("<[^>]+>", "", html.replace("<br>\n", "\n"))).strip("\n")


def test_lines_stay_lines():
    typed = (
        "Situation: slow.\nMy part: measured.\nResult: 0.9 s.\n• asked\n• seen at https://wiki.example.com/x"
    )
    html = render(typed)
    assert html.count("<br>") == 4
    assert seen(html) == typed


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://example.com/a_b_c*d, then", "https://example.com/a_b_c*d"),
        ("(https://en.example.org/wiki/A_(b))", "https://en.example.org/wiki/A_(b)"),
        ("http://wiki/page", "http://wiki/page"),
        ("请看https://example.com/x，谢谢", "https://example.com/x"),
        ("**https://example.org**", "https://example.org"),
        ("www.example.com/a.", "http://www.example.com/a"),
        ("[here](www.example.com)", "http://www.example.com"),
        ("[here](wiki.example.com/page)", "http://wiki.example.com/page"),
        ("[here](//example.com/page)", "http://example.com/page"),
        ("[https://a.example](https://b.example)", "https://b.example"),
        ("[](https://example.org)", "https://example.org"),
        ("| a |\n|---|\n| https://example.org |", "https://example.org"),
    ],
)
def test_an_address_is_a_link_that_leaves_the_site(text, address):
    assert [value for name, value in Inventory(render(text)).attributes if name == "href"] == [address]


def test_a_table_too_wide_for_paper_stays_as_it_was_typed():
    typed = f"|{'a|' * 60}\n|{'-|' * 60}"
    assert seen(render(typed)) == typed
    assert "<table>" in render(f"|{'a|' * 12}\n|{'-|' * 12}")


def test_a_list_keeps_the_numbers_that_were_typed():
    assert render("24. Dezember\n27. Dezember").count("<li") == 2
    assert '<li value="27">' in render("24. Dezember\n27. Dezember")
    assert "value" not in render("1. one\n1. two\n1. three")
    assert "value" not in render("1. one\n2. two\n3. three")


def test_emphasis_stands_inside_a_word_where_words_have_no_spaces():
    assert "<strong>重点</strong>" in render("这是**重点**内容")


def test_packets_of_before_are_read_as_they_were():
    assert render("one\ntwo", format=2) == "<p>one\ntwo</p>\n"
    assert render("# of incidents", format=2) == "<p><strong>of incidents</strong></p>\n"
    assert render("5*3*2", format=1) == "<p>5<em>3</em>2</p>\n"


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
        "https://",
        "www.a",
        "https://a.b)",
        "1. a\n3. b\n",
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
