"""The version is said in one place, and told wherever somebody has to know what runs."""

import re
import tomllib
from pathlib import Path

from django.urls import reverse

from ladder import version

ROOT = Path(__file__).parents[2]
SAID = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def test_a_checkout_reads_it_and_an_installed_program_was_told(monkeypatch):
    assert version.read() == SAID

    monkeypatch.setattr(version, "CHECKOUT", None)
    monkeypatch.setattr(version, "version", {"ladder": "9.9.9"}.get)

    assert version.read() == "9.9.9"


def test_the_account_page_and_the_schema_tell_it(client, sam):
    client.force_login(sam)
    page = client.get(reverse("account")).content.decode()
    schema = client.get("/api/schema/", headers={"Accept": "application/json"}).json()

    assert re.search(rf">Ladder {re.escape(SAID)}</p>", page)
    assert schema["info"]["version"] == SAID


def test_the_changelog_has_a_heading_for_it():
    headings = re.findall(r"(?m)^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))

    assert SAID in headings[:2]
