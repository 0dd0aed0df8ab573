"""Pictograms written by their names, as no face of ours draws them."""

import re
import unicodedata

JOINERS = "\u200d\ufe0e\ufe0f"
OURS = "☀★☆☼♡♥♪♫⚠✓✗❖❤➀➁➂➃➄➅➆➇➈"  # pictograms that the bundled face has
PICTOGRAMS = re.compile(
    rf"(?:(?![{OURS}])[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u231a\u231b\u23e9-\u23f3]"
    rf"[{JOINERS}\U0001f3fb-\U0001f3ff]*)+"
)


def without_pictograms(text):
    """The text with the names of pictograms in their place: "[rocket]". They have no face of ours.

    Signs that are written as text, such as arrows, and whatever belongs to a script, stay.
    """
    return PICTOGRAMS.sub(_named, text)


def _named(found):
    names = [unicodedata.name(sign, "") for sign in found[0] if sign not in JOINERS]
    return f"[{', '.join(name.lower() for name in names if name)}]" if any(names) else ""
