"""
The rules of the house that a reader would otherwise have to keep in mind, held by reading the code.

Each rule finds what breaks it in a text, and is shown to find it in a sample.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "asave",
    "acreate",
}
CLOCKS = {"timezone.now", "timezone.localdate", "timezone.localtime", "datetime.now", "datetime.utcnow"}
CLOCKS |= {"datetime.today", "date.today", "time.time", "functions.Now", "Now"}
WITHOUT_COPIES = {"Hearing.empanel", "hearing.empanel", "decision.publish"}
MARKING_SAFE = {"ladder/charts/drawing.py", "ladder/web/markdown.py"}
NETWORK = {"requests", "httpx", "urllib.request", "urllib3", "aiohttp"}
INLINE = {
    "style element": r"<style\b",
    "style attribute": r"\sstyle\s*=",
    "script without a source": r"<script\b(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")",
    "handler": r"\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "JavaScript in an attribute": r"=\s*[\"']\s*(js|javascript):",
    "text that is not escaped": r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off",
}
POSTED = re.compile(r"<form\b(?=[^>]*method=\"post\").*?</form>", re.DOTALL)
KEYLESS = "{% url 'verify' %}"  # it changes nothing, and is not read before its size is asked
WIDEST = 120
# A message that begins with a space: on lines of its own it would be another message.
SPACED_MESSAGE = re.compile(r"\{% blocktranslate[^%]*%\}\s\S")
SHARED_LINE = re.compile(
    r"^ *\{% (?:if|elif|else|for|empty|with)\b[^%]*%\}<(?:div|section|form|ul|ol|table|tr|li|tbody)\b[^<]*$"
    r"|^ *</(?:div|section|form|ul|ol|table|tr|li|tbody)>\{% end\w+ %\}$",
    re.MULTILINE,
)
INCLUDED_PART = re.compile(r"\{%\s*include\s+[\"']parts/.*?%\}", re.DOTALL)


def calls(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def dotted(node):
    """Return `a.b` of a call to `x.a.b(…)`: the last two names, as they are written."""
    names = ast.unparse(node.func).split(".")
    return ".".join(names[-2:])


def writing(text):
    """A view or a serializer that writes by itself instead of calling a transition."""
    return [dotted(call) for call in calls(ast.parse(text)) if dotted(call).split(".")[-1] in WRITES]


def fetching_past_the_rules(text):
    """A row taken by its key alone, whoever asks."""
    return [ast.unparse(call) for call in calls(ast.parse(text)) if dotted(call) == "objects.get"]


def another_clock(text):
    """The present instant from anywhere but `access/clock.py`, or one without a zone."""
    found = [dotted(call) for call in calls(ast.parse(text)) if dotted(call) in CLOCKS]
    for call in calls(ast.parse(text)):
        words = {word.arg for word in call.keywords}
        if dotted(call).split(".")[-1] == "datetime" and "tzinfo" not in words and len(call.args) < 8:
            found.append(ast.unparse(call))
        found += words & {"auto_now", "auto_now_add"}
    return found


def the_network(text):
    """An import, at the top of a module, of something that talks to other machines."""
    names = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [name for name in names if name in NETWORK or name.split(".")[0] in NETWORK]


def past_the_copies(text):
    """A hearing, or a release, without the copies of the case: not by `convening` and `releasing`."""
    return [name for name in map(dotted, calls(ast.parse(text))) if name in WITHOUT_COPIES]


def marking_safe(text):
    """Text declared free of markup by hand."""
    return re.findall(r"\bmark_safe\(|\bSafe(?:String|Text)\((?!\"\"\))|\b__html__\b", text)


def inline(text):
    """What the content policy forbids in a template, and what escapes no text."""
    text = re.sub(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", "", text, flags=re.DOTALL)
    return [name for name, pattern in INLINE.items() if re.search(pattern, text)]


def a_part_that_sees_everything(text):
    """A part included with the whole context instead of what it is given."""
    return [tag for tag in INCLUDED_PART.findall(text) if not re.search(r"\bonly\s*%\}$", tag)]


def crumbs_of_its_own(text):
    """The way to a page written out in its template instead of handed to `parts/breadcrumbs.html`."""
    return re.findall(r"class=\"breadcrumbs\"", text)


def a_long_line(text):
    """A line on which no diff shows what was changed."""
    return [
        line.strip() for line in text.split("\n") if len(line) > WIDEST and not SPACED_MESSAGE.search(line)
    ]


def an_element_that_shares_its_line(text):
    """An element of several lines whose open tag stands behind a condition or loop, or its end before one."""
    return SHARED_LINE.findall(text)


def a_form_without_a_key(text):
    """A form that writes and could be sent twice, or one that saves itself under a key and not a version."""
    forms = [form for form in POSTED.findall(text) if KEYLESS not in form]
    keyed = [form for form in forms if "{% csrf_token %}" not in form and "data-autosave" not in form]
    return keyed + [
        form for form in forms if "data-autosave" in form and "{% csrf_token alone %}" not in form
    ]


# What frozen packets are typeset from: white space in it changes their bytes, and these have to stay.
OF_PACKETS = {str(path.relative_to(ROOT)) for path in (ROOT / "templates" / "pdf").rglob("*.html")}
RULES = [
    (writing, ["ladder/pages/**/*.py", "ladder/api/*.py"], set()),
    (fetching_past_the_rules, ["ladder/pages/**/*.py", "ladder/api/*.py"], set()),
    (past_the_copies, ["ladder/**/*.py"], set()),
    (another_clock, ["competencies/**/*.py"], {"competencies/core/clock.py"}),
    (the_network, ["ladder/**/*.py", "competencies/**/*.py"], set()),
    (
        marking_safe,
        ["ladder/**/*.py", "competencies/**/*.py"],
        {"ladder/charts/drawing.py", "ladder/pages/help/guide.py", "ladder/web/markdown.py"},
    ),
    (inline, ["templates/**/*.html", "ladder/**/*.html"], set()),
    (a_part_that_sees_everything, ["templates/**/*.html", "ladder/**/*.html"], set()),
    (a_long_line, ["templates/**/*.html"], OF_PACKETS),
    (an_element_that_shares_its_line, ["templates/**/*.html"], OF_PACKETS),
    (crumbs_of_its_own, ["templates/**/*.html"], {"templates/parts/breadcrumbs.html"}),
    (a_form_without_a_key, ["templates/**/*.html"], set()),
]
SAMPLES = [
    (writing, "form.save()"),
    (writing, "Assessment.objects.create(author=me)"),
    (writing, "Rating.objects.filter(pk=1).delete()"),
    (fetching_past_the_rules, "row = Assessment.objects.get(pk=pk)"),
    (past_the_copies, "hearing = Hearing.empanel(case, committee, by=me)"),
    (past_the_copies, "decision.publish(by=me)"),
    (another_clock, "at = timezone.now()"),
    (another_clock, "day = datetime.date.today()"),
    (another_clock, "due = datetime(2026, 1, 1)"),
    (another_clock, "at = models.DateTimeField(auto_now_add=True)"),
    (the_network, "import requests"),
    (the_network, "from urllib import request"),
    (the_network, "from urllib.request import urlopen"),
    (marking_safe, "return mark_safe(text)"),
    (inline, '<p style="color: red">'),
    (inline, "<style>p {}</style>"),
    (inline, "<script>alert(1)</script>"),
    (inline, '<button onclick="go()">'),
    (inline, '<button hx-on:click="go()">'),
    (inline, """<button hx-vals='js:{a: 1}'>"""),
    (inline, '<a href="javascript:go()">'),
    (inline, "{{ comment|safe }}"),
    (inline, "{% autoescape off %}"),
    (a_part_that_sees_everything, '{% include "parts/level.html" %}'),
    (a_part_that_sees_everything, '{% include "parts/level.html" with level=level %}'),
    (a_long_line, f"<p>\n  {'word ' * 24}\n</p>"),
    (an_element_that_shares_its_line, "{% for row in rows %}<tr>\n  <td>1</td>\n</tr>\n{% endfor %}"),
    (an_element_that_shares_its_line, "{% if rows %}\n<ul>\n  <li>1</li>\n</ul>{% endif %}"),
    (crumbs_of_its_own, '<nav class="breadcrumbs" aria-label="Breadcrumbs">'),
    (a_form_without_a_key, '<form method="post"><button>Send</button></form>'),
    (a_form_without_a_key, '<form method="post" data-autosave>{% csrf_token %}</form>'),
]
INNOCENT = [
    (writing, "case.propose(by=me)"),
    (fetching_past_the_rules, "value = request.GET.get('q')"),
    (past_the_copies, "edition.publish(by=me)"),
    (past_the_copies, "hearing = convening.convene(case, committee, by=me)"),
    (another_clock, "at = datetime(2026, 1, 1, tzinfo=UTC)"),
    (the_network, "from urllib.parse import urlencode"),
    (marking_safe, 'return SafeString("")'),
    (inline, """<script type="module" src="{% static 'a.js' %}"></script>"""),
    (inline, "{# style= is spoken of here #}"),
    (a_part_that_sees_everything, '{% include "parts/level.html" with level=level only %}'),
    (a_long_line, "x" * 120),
    (a_long_line, "{% blocktranslate %} " + "and more " * 20 + "{% endblocktranslate %}"),
    (an_element_that_shares_its_line, "{% if row %}<li>1</li>{% endif %}"),
    (crumbs_of_its_own, '{% include "parts/breadcrumbs.html" with crumbs=crumbs only %}'),
]


def files(patterns, apart_from):
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if "migrations" not in path.parts}
    return sorted(path for path in found if str(path.relative_to(ROOT)) not in apart_from)


def name(value):
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("rule", "patterns", "apart_from"), RULES, ids=name)
def test_the_code_keeps_the_rule(rule, patterns, apart_from):
    read = files(patterns, apart_from)
    broken = {str(path.relative_to(ROOT)): rule(path.read_text(encoding="utf-8")) for path in read}

    assert read
    assert {path: faults for path, faults in broken.items() if faults} == {}


@pytest.mark.parametrize(("rule", "text"), SAMPLES, ids=name)
def test_the_rule_notices_what_breaks_it(rule, text):
    assert rule(text)


@pytest.mark.parametrize(("rule", "text"), INNOCENT, ids=name)
def test_the_rule_lets_the_innocent_go(rule, text):
    assert not rule(text)


def test_every_exception_still_exists():
    assert [path for _rule, _patterns, apart in RULES for path in apart if not (ROOT / path).exists()] == []


INCLUDES = re.compile(r"\{%\s*include\s+\"([^\"]+)\"(.*?)%\}", re.DOTALL)


def forms_without_their_token(templates):
    """A form, in a template or in what it includes, that is included with `only` and without the token."""
    carrying = {name for name, text in templates.items() if "{% csrf_token %}" in text}
    while more := {
        name
        for name, text in templates.items()
        if name not in carrying and any(part in carrying for part, _options in INCLUDES.findall(text))
    }:
        carrying |= more
    return [
        f"{name}: {part}"
        for name, text in templates.items()
        for part, options in INCLUDES.findall(text)
        if part in carrying and re.search(r"\bonly\s*$", options) and "csrf_token=" not in options
    ]


def test_every_form_that_is_included_gets_its_token():
    folder = ROOT / "templates"
    templates = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.html")}

    assert forms_without_their_token(templates) == []


@pytest.mark.parametrize(
    ("including", "found"),
    [
        ('{% include "b.html" with x=x only %}', ["a.html: b.html"]),
        ('{% include "b.html" with x=x csrf_token=csrf_token only %}', []),
        ('{% include "b.html" with x=x %}', []),
    ],
)
def test_a_form_without_its_token_is_noticed(including, found):
    parts = {
        "a.html": including,
        "b.html": '{% include "c.html" %}',
        "c.html": "<form>{% csrf_token %}</form>",
    }

    assert forms_without_their_token(parts) == found
