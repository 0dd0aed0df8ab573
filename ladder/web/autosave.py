"""Forms that save themselves: how saving went, told under the form for htmx and plain forms alike."""

from dataclasses import dataclass, field, replace

from django import forms
from django.utils.translation import gettext as _

from competencies.core.clock import now
from competencies.core.refusals import Refusal, Stale


class AutosavedForm(forms.Form):
    """A form that saves itself: `version` is the one its writer saw, `over` one to write over knowingly."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    over = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    @property
    def seen(self):
        over, version = self.cleaned_data["over"], self.cleaned_data["version"]
        return over if over is not None else version or 0

    @property
    def values(self):
        """Return what the domain takes: what was typed, without its version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "over")}

    @property
    def labels(self):
        return {name: field.label for name, field in self.fields.items()}


@dataclass(frozen=True)
class SaveStatus:
    """What stands under such a form: its version, and when it was saved, what is wrong, or a conflict.

    `key` names the form, `place` is the address at which it stands. A conflict leaves `version` as
    the writer saw it, so that typing on overwrites nothing; `latest` is what they may choose to
    write over, and `writer` the name of whoever saved that.
    """

    key: str
    version: int
    place: str
    at: object = None
    problems: list = field(default_factory=list)
    conflict: list = field(default_factory=list)
    latest: int | None = None
    writer: str | None = None

    @property
    def afresh(self):
        """Return the same place, read again from the server."""
        address, _hash, anchor = self.place.partition("#")
        return f"{address}?afresh={self.latest}#{anchor}"

    @property
    def status(self):
        return 422 if self.problems or self.conflict else 200


def keep(save_status, form, write):
    """Save what was typed by calling `write(version, **values)`, which returns the row; say how it went."""
    if not form.is_valid():
        return replace(save_status, version=_seen(form, save_status), problems=_problems(form))
    try:
        row = write(form.seen, **form.values)
    except Stale as refusal:
        details = refusal.details
        apart = _apart(details["stored"], details["offered"], form.labels) or _ticked_apart()
        kept = {"latest": details["version"], "writer": details.get("writer")}
        return replace(save_status, version=form.seen, conflict=apart, **kept)
    except Refusal as refusal:
        return replace(save_status, version=form.seen, problems=[str(refusal)])
    return replace(save_status, version=row.version, at=now())


def _seen(form, save_status):
    return form.cleaned_data.get("version") or save_status.version


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
    return [{"label": _("Ticked boxes"), "mine": _("As ticked here"), "theirs": _("As saved elsewhere")}]
