"""An author brings a framework file: a broken one is refused by line and field, a good one is published."""

import re

from playwright.sync_api import expect

from .looking import look_over
from .serving import ROOT

LADDER = (ROOT / "seeds" / "frameworks" / "backend.yaml").read_text(encoding="utf-8")


def test_an_author_mends_a_file_and_publishes_it(visit):
    author = visit("marguerite", expected={422})
    author.goto("/editions/")
    author.get_by_role("link", name="Import framework").click()
    broken = LADDER.replace("    role: JVM backend\n", "    roll: JVM backend\n", 1)
    line = broken[: broken.index("    roll:")].count("\n") + 1

    choose(author, broken)

    faults = author.get_by_role("region", name="Errors in the file").get_by_role("row")
    expect(faults.nth(1)).to_contain_text(f"ladder.yaml:{line}:")
    expect(faults.nth(1)).to_contain_text("sources[1].roll")
    assert look_over(author) == []

    choose(author, LADDER.replace("who answers for one whole team", "who answers for one team, whole"))

    expect(author.get_by_text("is a draft and matches the file")).to_be_visible()
    author.goto("/editions/")
    author.get_by_role("link", name=re.compile("^Publish.*edition 3")).click()
    expect(author.get_by_text("You can’t change or unpublish an edition once it’s published")).to_be_visible()
    author.get_by_role("button", name="Publish edition").click()
    expect(author.get_by_text("is published and in force")).to_be_visible()
    expect(author.get_by_role("row").filter(has_text="In force")).to_contain_text("edition 3")


def choose(page, content):
    """Choose a file of that content in the form and send it."""
    file = {"name": "ladder.yaml", "mimeType": "application/yaml", "buffer": content.encode()}
    page.get_by_role("main").locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Import file").click()
