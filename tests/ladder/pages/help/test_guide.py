"""The guide: one text for the repository and the product, in the words that are on the pages."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from ladder.installation import GUIDE, PACKAGE, TEMPLATES
from ladder.pages.help.guide import anchor_of, guide, rendered

SAID = GUIDE.read_text(encoding="utf-8")
LINKED = re.compile(r'"parts/help\.html" with way="([\w-]+)"')
BOLD = re.compile(r"\*\*([^*]+)\*\*")
VARIABLE = re.compile(r"\{\{[^}]*\}\}|%\(\w+\)[sd]")
SENTENCE = re.compile(
    r"""\{%\s*blocktranslate\b[^%]*%\}(.*?)\{%\s*endblocktranslate"""
    r"""|\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')"""
    r"""|\b_(?:lazy)?\(\s*"([^"]*)"\s*\)|gettext_lazy\(\s*"([^"]*)"\s*\)""",
    re.DOTALL,
)


def phrases_of(text):
    """Return what a template or a module says to people, each variable as `…`."""
    found = set()
    for sentence in SENTENCE.findall(text):
        for part in re.split(r"\{%\s*plural\s*%\}", next(filter(None, sentence), "")):
            found.add(" ".join(VARIABLE.sub("…", part).split()))
    return found


def all_phrases():
    modules = [path for tree in (PACKAGE, PACKAGE.parent / "competencies") for path in tree.glob("**/*.py")]
    files = [path for path in [*TEMPLATES.glob("**/*.html"), *modules] if not of_a_mail(path)]
    return set().union(*(phrases_of(path.read_text(encoding="utf-8")) for path in files))


def of_a_mail(path):
    return "mail" in path.parts or "pdf" in path.parts


def unknown(text, phrases):
    """Return the words in bold that no page says as they stand, nor begins with before `(`."""
    said = phrases | {phrase.partition(" (")[0] for phrase in phrases}
    return sorted(set(BOLD.findall(text)) - said)


def test_every_button_that_it_names_is_on_a_page():
    assert len(BOLD.findall(SAID)) > 80
    assert unknown(SAID, all_phrases()) == []


@pytest.mark.parametrize("words", ["Hand in assessment", "Export … letters", "Create"])
def test_a_name_that_no_page_has_is_noticed(words):
    assert unknown(f"Choose **{words}**.", all_phrases()) == [words]


def test_a_phrase_is_read_with_its_plural_and_its_variables():
    counted = "{% blocktranslate count counter=n trimmed %}\n {{ counter }}\n person"
    text = f"{counted}{{% plural %}}{{{{ counter }}}} people{{% endblocktranslate %}}"

    assert phrases_of(text) == {"… person", "… people"}
    assert phrases_of('_("Discuss with %(person)s")') == {"Discuss with …"}


def test_every_link_to_it_leads_to_a_way():
    anchors = {way.anchor for part in guide().contents for way in part.below}
    linked = {
        anchor for path in TEMPLATES.glob("**/*.html") for anchor in LINKED.findall(path.read_text("utf-8"))
    }

    assert len(linked) >= 8
    assert linked - anchors == set()


def test_every_way_has_an_anchor_of_its_own_and_steps():
    ways = [way for part in guide().contents for way in part.below]

    assert len({way.anchor for way in ways}) == len(ways) >= 15
    for text in SAID.split("\n### ")[1:]:
        heading, _line, steps = text.partition("\n")
        assert heading.startswith("To "), heading
        assert re.search(r"(?m)^1\. ", steps), heading
    assert SAID.count("\n") <= 250


@pytest.mark.parametrize("name", ["sam", "hana", "otto"])
def test_the_page_is_the_file(signed_in, request, name):
    page = signed_in(request.getfixturevalue(name)).get("/help/").content.decode()

    assert rendered(SAID).text in page
    for way in (way for part in guide().contents for way in part.below):
        assert f'<a href="#{way.anchor}">{way.title}</a>' in page
    assert "<title>Help · Ladder</title>" in page


def test_it_is_led_to_from_the_menu_of_every_page(signed_in, sam):
    assert f'href="{reverse("help")}"' in signed_in(sam).get("/").content.decode()


def test_whoever_is_not_signed_in_is_asked_to(client, db):
    assert client.get("/help/").url.startswith("/sign-in/")


def test_nothing_is_sent_to_it(signed_in, sam):
    assert signed_in(sam).post("/help/").status_code == 405


def test_it_costs_no_more_than_any_page(signed_in, sam, django_assert_max_num_queries):
    client = signed_in(sam)
    client.get("/help/")

    with django_assert_max_num_queries(16):
        client.get("/help/")


def test_the_text_of_it_stands_apart_from_its_title_and_holds_no_html_of_its_own():
    made = rendered("# Using it\n\nFirst.\n\n## One\n\n### To do it\n\n1. Open <b>this</b>.\n")

    assert made.title == "Using it"
    assert [(part.title, [way.anchor for way in part.below]) for part in made.contents] == [
        ("One", ["to-do-it"])
    ]
    assert made.text.startswith("<p>First.</p>")
    assert '<h3 id="to-do-it">To do it</h3>' in made.text
    assert "<b>" not in made.text


@pytest.mark.parametrize(
    ("heading", "anchor"), [("To add evidence", "to-add-evidence"), ("A copy, or `two`", "a-copy-or-two")]
)
def test_an_anchor_is_the_one_of_the_repository(heading, anchor):
    assert anchor_of(heading) == anchor


def test_the_file_is_that_of_the_documentation():
    assert Path(PACKAGE.parent, "docs", "using.md") == GUIDE
