import re

import pytest
from django.template import engines
from django.template.loader import get_template

from ladder.web.templates import without_space


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("<p>\n  one\n    two\n</p>", "<p>\none\ntwo\n</p>"),
        ("one\n\n\n  two", "one\ntwo"),
        ("one two", "one two"),
        ("<p>\n  {% if a %}\n  one\n  {% else %}\n  two\n  {% endif %}\n</p>", None),
        ("<ul>\n  {% for a in b %}\n  <li>{{ a }}</li>\n  {% endfor %}\n</ul>", None),
        ("one\n{# a remark #}\ntwo", "one\ntwo"),
        ("one\n{% if a %}two{% endif %}\nthree", "one\n{% if a %}two{% endif %}\nthree"),
        ("<p\n  {% if a %}id='a'{% endif %}\n>", "<p\n{% if a %}id='a'{% endif %}\n>"),
        ("one\n{% now 'Y' %}\nthree", "one\n{% now 'Y' %}\nthree"),
        ("one\n{{ two }}\nthree", "one\n{{ two }}\nthree"),
        ("<pre>\n  one\n\n  two\n</pre>", "<pre>\n  one\n\n  two\n</pre>"),
        (
            "<textarea\n  rows=1>\n\n{{ a }}\n</textarea>\n  x",
            "<textarea\n  rows=1>\n\n{{ a }}\n</textarea>\nx",
        ),
    ],
)
def test_space_is_taken_out_and_words_stay_apart(written, sent):
    tight = without_space(written)

    if sent is not None:
        assert tight == sent
    for context in ({"a": True, "b": [1, 2], "two": 2}, {"a": False, "b": []}):
        texts = [re.sub(r"\s+", " ", rendered(text, context)) for text in (written, tight)]
        assert texts[0] == texts[1]


def test_a_button_ends_with_its_last_words():
    """Space after words that are hidden would be drawn as wide as the gap beside an icon."""
    written = "<a>\n  one<span>: two</span>\n</a>\nthree"

    assert without_space(written) == "<a>\none<span>: two</span></a>\nthree"


def test_lines_of_tags_alone_leave_no_empty_lines():
    written = "one\n{% if a %}\n{% with c=a %}\n  two\n{% endwith %}\n{% endif %}\nthree"

    assert rendered(without_space(written), {"a": True}) == "one\ntwo\nthree"
    assert rendered(without_space(written), {"a": False}) == "one\nthree"


def test_pages_are_read_without_space_and_letters_and_packets_as_they_are():
    assert "\n " not in get_template("base.html").template.source
    for name in ("onboarding/mail/invitation.txt", "pdf/_summary.html"):
        text = get_template(name).template.source
        assert without_space(text) != text, name


def test_no_sentence_for_translators_holds_space_that_a_page_is_read_without():
    """A message without `trimmed` is looked up with the space that stands in it."""
    for folder in engines["django"].dirs:
        for path in sorted(folder.rglob("*.html")):
            text = path.read_text(encoding="utf-8")
            for opened, message in re.findall(
                r"\{% blocktranslate\b([^%]*)%\}(.*?)\{% endblocktranslate", text, re.DOTALL
            ):
                assert "trimmed" in opened or "\n" not in message, (path, message)


def rendered(text, context):
    return engines["django"].from_string(text).render(context)
