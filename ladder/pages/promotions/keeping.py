"""Forms that save themselves: how saving went, told under the form for htmx and plain forms alike."""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from competencies.access.clock import now
from competencies.access.refusal import Refusal, Stale


@dataclass(frozen=True)
class Keeping:
    """What stands under such a form: its version, and when it was saved, what is wrong, or a conflict.

    `key` names the form, `place` is the address at which it stands. A conflict leaves `version` as
    the writer saw it, so that typing on overwrites nothing; `latest` is what they may choose to
    write over.
    """

    key: str
    version: int
    place: str
    at: object = None
    problems: list = field(default_factory=list)
    conflict: list = field(default_factory=list)
    latest: int | None = None

    @property
    def afresh(self):
        """The same place, read again from the server."""
        address, _hash, anchor = self.place.partition("#")
        return f"{address}?afresh={self.latest}#{anchor}"

    @property
    def status(self):
        return 422 if self.problems or self.conflict else 200


def keep(keeping, form, write):
    """Save what was typed by calling `write(version, **said)`, which returns the row; say how it went."""
    if not form.is_valid():
        return replace(keeping, version=_seen(form, keeping), problems=_problems(form))
    try:
        row = write(form.seen, **form.said)
    except Stale as refusal:
        apart = _apart(refusal.details["stored"], refusal.details["offered"], form.labels) or _ticked_apart()
        return replace(keeping, version=form.seen, conflict=apart, latest=refusal.details["version"])
    except Refusal as refusal:
        return replace(keeping, version=form.seen, problems=[str(refusal)])
    return replace(keeping, version=row.version, at=now())


def _seen(form, keeping):
    return form.cleaned_data.get("version") or keeping.version


def _problems(form):
    return [
        _("%(field)s: %(problem)s") % {"field": form.labels.get(name) or "", "problem": problem}
        for name, problems in form.errors.items()
        for problem in problems
    ]


def _apart(stored, offered, labels):
    """Return the texts that differ, each as the writer has it and as it is stored."""
    return [
        {"label": labels[name], "mine": mine, "theirs": stored[name]}
        for name, mine in offered.items()
        if mine != stored[name]
    ]


def _ticked_apart():
    """Return what to say when all texts agree: then it is the boxes that were ticked otherwise elsewhere."""
    return [
        {"label": _("What is ticked"), "mine": _("As it is here"), "theirs": _("As it was saved elsewhere")}
    ]
