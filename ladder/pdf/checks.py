"""Says at start what the printer lacks, with the command that mends it; all else runs without."""

import ctypes
import ctypes.util
import sys

from django.core.checks import Warning, register

LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset", "fontconfig")
REMEDY = (
    "brew install pango"
    if sys.platform == "darwin"
    else "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


@register("print")
def printer_has_its_libraries(app_configs, **kwargs):
    """Warn when a library that the packet PDF needs isn't installed."""
    missing = [name for name in LIBRARIES if not ctypes.util.find_library(name)]
    if not missing:
        return []
    return [
        Warning(
            f"Packets cannot be printed as PDF: {', '.join(missing)} not found.",
            hint=f"Run: {REMEDY}",
            id="print.W001",
        )
    ]
