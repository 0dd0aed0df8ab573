"""Words by which files say that somebody is employed, or is no more."""

from __future__ import annotations

import re

from competencies.core.folding import fold

HERE, GONE = "here", "gone"
ACTIVE = {"active", "isactive", "aktiv", "actif", "activestatus"}  # headings over yes and no
YES = {"yes", "y", "true", "1", "ja", "j", "wahr", "oui", "o", "vrai", "x"}
NO = {"no", "n", "false", "0", "nein", "falsch", "non", "faux"}
WORDS = {
    HERE: (
        "active, employed, current, working, present, here, hired, regular, permanent, onboarding, "
        "probation, on probation, on leave, leave, on leave of absence, leave of absence, parental leave, "
        "maternity leave, paternity leave, sick leave, long term leave, sabbatical, full time, part time, "
        "contractor, intern, aktiv, angestellt, beschaftigt, im dienst, probezeit, in probezeit, "
        "elternzeit, in elternzeit, mutterschutz, beurlaubt, unbezahlter urlaub, krank, langzeitkrank, "
        "ruhend, vollzeit, teilzeit, unbefristet, befristet, actif, active, en poste, present, en activite, "
        "en conge, conge parental, conge maternite, conge sabbatique, periode d essai, cdi, cdd"
    ),
    GONE: (
        "terminated, termed, inactive, left, leaver, former, former employee, ex employee, resigned, "
        "retired, dismissed, separated, deactivated, disabled, offboarded, withdrawn, deceased, ended, "
        "archived, not active, no longer employed, inaktiv, ausgeschieden, ausgetreten, ehemalig, "
        "ehemaliger, ehemalige, pensioniert, im ruhestand, rentner, beendet, deaktiviert, nicht aktiv, "
        "archiviert, verstorben, inactif, inactive, sorti, sortie, parti, partie, ancien, ancienne, ancien "
        "salarie, demissionne, licencie, retraite, desactive, decede"
    ),
}


def _bare(word: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(word)).strip()


MEANING = {_bare(word): means for means, words in WORDS.items() for word in words.split(",")}


def meaning_of(word: str, heading: str = "") -> str | None:
    """Return "here" or "gone" for a word of a status column, or None where it cannot be told."""
    bare = _bare(word)
    if re.sub(r"[\W_]+", "", fold(heading)) in ACTIVE:
        if bare in YES:
            return HERE
        if bare in NO:
            return GONE
    return MEANING.get(bare)
