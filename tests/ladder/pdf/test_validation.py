"""veraPDF, the reference validator, finds nothing: each copy is PDF/UA-1, the archive's PDF/A-3a too."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.test import override_settings

from ladder.pdf import sealing
from tests.conftest import unavailable

from . import vera
from .conftest import PASSWORD, VARIANTS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
CLAIMED = [*((variant, "ua1") for variant in VARIANTS), ("archive", "3a")]
CLAIMED += [("sealed committee", "ua1"), ("sealed archive", "ua1"), ("sealed archive", "3a")]


@pytest.fixture(scope="module")
def judged(copies, sealed, broken):
    """What the validator says of each copy under what it claims, and of two that were broken."""
    if lacking := vera.missing():
        unavailable(lacking)
    made = {variant: copies(variant)[1] for variant in VARIANTS} | sealed
    files = {(copy, flavour): made[copy] for copy, flavour in CLAIMED}
    files |= {("broken", "ua1"): broken["committee"], ("broken", "3a"): broken["archive"]}
    asked = [word for (_copy, flavour), path in files.items() for word in (flavour, str(path))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.ladder.pdf.vera", *asked], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(files, json.loads(done.stdout), strict=True))


@pytest.fixture(scope="module")
def sealed(copies, key, tmp_path_factory):
    """Two copies under the seal of the company, the last step of typesetting: it adds a field to them."""
    folder = tmp_path_factory.mktemp("sealed")
    made = {variant: Path(shutil.copy(copies(variant)[1], folder)) for variant in ("committee", "archive")}
    sealing._signer.cache_clear()
    with override_settings(SEAL_KEY=key[0], SEAL_PASSWORD=PASSWORD):
        for path in made.values():
            sealing.seal("Kestrel Freight")(path)
    sealing._signer.cache_clear()
    return {f"sealed {variant}": path for variant, path in made.items()}


@pytest.fixture(scope="module")
def broken(copies, tmp_path_factory):
    """Two copies from which something was taken: the language of the whole, and what a file in it is for."""
    folder, made = tmp_path_factory.mktemp("broken"), {}
    for variant in ("committee", "archive"):
        made[variant] = folder / f"{variant}.pdf"
        with pikepdf.open(copies(variant)[1]) as pdf:
            if variant == "committee":
                del pdf.Root.Lang
            else:
                del pdf.Root.AF[0].AFRelationship
            pdf.save(made[variant])
    return made


@pytest.mark.parametrize(("copy", "flavour"), CLAIMED)
def test_no_copy_breaks_a_rule_of_its_standard(judged, copy, flavour):
    said = judged[copy, flavour]
    assert said["failed"] == {}
    assert said["compliant"]
    assert said["checks"] > 50_000


@pytest.mark.parametrize(("flavour", "clause"), [("ua1", "7.2"), ("3a", "6.8")])
def test_what_is_broken_is_found(judged, flavour, clause):
    said = judged["broken", flavour]
    assert not said["compliant"]
    assert any(rule.startswith(clause) for rule in said["failed"])
