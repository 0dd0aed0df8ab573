import subprocess
import sys

import pytest

from ladder.pdf import checks


def test_nothing_is_said_when_all_is_there(monkeypatch):
    monkeypatch.setattr(checks.ctypes.util, "find_library", lambda name: f"lib{name}.so")
    assert checks.printer_has_its_libraries(None) == []


@pytest.mark.parametrize("missing", checks.LIBRARIES)
def test_what_is_missing_is_named_with_the_command_that_mends_it(monkeypatch, missing):
    monkeypatch.setattr(checks.ctypes.util, "find_library", lambda name: None if name == missing else name)
    (warning,) = checks.printer_has_its_libraries(None)
    assert missing in warning.msg
    assert "install" in warning.hint


def test_the_product_starts_without_weasyprint():
    """Nothing but the child imports it: an installation without Pango still serves pages."""
    code = (
        "import django, sys; django.setup(); import ladder.pdf.child; sys.exit('weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
