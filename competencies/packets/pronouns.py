"""English texts in which nobody is a woman or a man: they, their, and the verbs that go with them."""

from __future__ import annotations

import re

BARE = {"he": "they", "she": "they", "s/he": "they", "him": "them", "hers": "theirs"} | {
    "himself": "themselves",
    "herself": "themselves",
}
VERBS = {"is": "are", "was": "were", "has": "have", "does": "do", "isn't": "aren't", "wasn't": "weren't"} | {
    "hasn't": "haven't",
    "doesn't": "don't",
    "goes": "go",
}
NO_VERBS = {
    "as",
    "this",
    "thus",
    "his",
    "its",
    "us",
    "yes",
    "less",
    "across",
    "plus",
    "towards",
    "besides",
} | {
    *("regardless", "nevertheless", "nonetheless", "afterwards", "whereas", "unless", "others", "s"),
}
ADVERBS = (
    r"(?:also|always|already|now|then|still|never|often|sometimes|once|only|just|rarely|again|both|not|\w+ly)"
)
OF_THEM = (  # what follows "her" when it is not her something
    "and or but to that when while as if so for from in on at by with without about after before because "
    "since until of into over under than then who which what how why where whether again too is was were are "
    "has had have will would could should can may might must not a an the this these those it them us me you"
)
NOUNS = {
    "woman": "person", "man": "person", "women": "people", "men": "people", "lady": "person",
    "girl": "person",
    "guy": "person", "mother": "parent", "father": "parent", "mum": "parent", "dad": "parent",
    "wife": "partner", "husband": "partner", "maternity": "parental", "paternity": "parental",
    "daughter": "child", "son": "child", "sister": "sibling", "brother": "sibling",
}  # fmt: skip
EDGE, END = r"(?<![^\W_])", r"(?![^\W_])"
PAIRS = re.compile(rf"{EDGE}(?:she\s*/\s*her(?:\s*/\s*hers)?|he\s*/\s*him(?:\s*/\s*his)?){END}", re.I)
TITLES = re.compile(rf"{EDGE}(?:Mrs|Mr|Ms|Miss|Mx|Sir|Madam|Frau|Herr|Pani|Pan|Mme|Señora?)\.?\s+(?=[A-Zt])")
SUBJECTS = re.compile(
    rf"{EDGE}(?P<who>s/he|she|he){END}(?:(?P<short>['’]s){END})?"
    rf"(?P<between>\s+(?:{ADVERBS}\s+)*)?(?P<verb>(?<=\s)[a-z]+(?:['’]t)?{END})?",
    re.IGNORECASE,
)
OTHERS = re.compile(rf"{EDGE}(?:himself|herself|hers|him|his|her){END}(?P<next>\W+[\w’']+)?", re.I)
KINDS = re.compile(rf"{EDGE}(?:{'|'.join(NOUNS)}){END}", re.I)


def without_pronouns(text: str) -> str:
    """Return an English text with they, them and their for everybody, and without words for the sexes."""
    text = PAIRS.sub("they/them", text)
    text = TITLES.sub("", text)
    text = SUBJECTS.sub(_subject, text)
    text = OTHERS.sub(_other, text)
    return KINDS.sub(lambda found: _as_large(found[0], NOUNS[found[0].lower()]), text)


def _subject(found: re.Match[str]) -> str:
    who, between, verb = _as_large(found["who"], "they"), found["between"] or "", found["verb"] or ""
    if found["short"]:
        has = verb.endswith(("ed", "en", "wn")) or verb in ("built", "led", "made", "had", "done", "shown")
        return f"{who}{'’ve' if has else '’re'}{between}{verb}"
    return f"{who}{between}{_plural(verb)}"


def _plural(verb: str) -> str:
    """Return the verb as it follows they: "draws" becomes "draw"."""
    plain = verb.replace("’", "'")
    if plain in VERBS:
        return VERBS[plain]
    if not verb.endswith("s") or verb.endswith("ss") or verb in NO_VERBS or len(verb) < 4:
        return verb
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    return verb[:-2] if re.search(r"(?:ss|sh|ch|x|zz)es$", verb) else verb[:-1]


def _other(found: re.Match[str]) -> str:
    word, after = found[0][: len(found[0]) - len(found["next"] or "")], found["next"] or ""
    follows = after.strip(" \t\n*_`~").lower()
    owned = bool(follows) and re.match(r"[\s*_`~]+[\w]", after) is not None
    if word.lower() == "her":
        instead = "their" if owned and follows not in OF_THEM.split() else "them"
    elif word.lower() == "his":
        instead = "their" if owned else "theirs"
    else:
        instead = BARE[word.lower()]
    rest = OTHERS.sub(_other, after)
    return _as_large(word, instead) + rest


def _as_large(old: str, new: str) -> str:
    if len(old) > 1 and old.isupper():
        return new.upper()
    return new[0].upper() + new[1:] if old[0].isupper() else new
