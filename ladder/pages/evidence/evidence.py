"""One piece of evidence: read, recorded, rewritten."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.refusals import NotNow, Refusal, Stale
from competencies.evidence.models import Evidence
from competencies.framework.in_force import InForce
from competencies.framework.models import Competency
from competencies.people.models import Person
from ladder.web.form_fields import add_refusal
from ladder.web.request import Request
from ladder.web.views import get_for, onward

from .forms import EvidenceForm


@require_safe
def evidence(request: Request, pk: int) -> HttpResponse:
    evidence = get_for(_pieces(), request, "evidence.read_evidence", pk)
    context = {
        "evidence": evidence,
        "may_write": request.user.has_perm("evidence.write_evidence", evidence),
        "may_withdraw": request.user.has_perm("evidence.withdraw_evidence", evidence),
        "crumbs": _crumbs(request, evidence.person, evidence.title),
    }
    return render(request, "evidence/evidence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: Request, pk: int) -> HttpResponse:
    """Record a piece of somebody's work; `?competency=key` ticks one, `?next=` is where to go afterwards."""
    person = get_for(Person, request, "evidence.log_evidence", pk)
    editions = _editions(person)
    if request.method != "POST":
        return _form(request, EvidenceForm(editions=editions, initial=_asked(request, editions)), person)
    form = EvidenceForm(request.POST, editions=editions)
    if form.is_valid():
        try:
            evidence = Evidence.log(person, by=request.user, **form.answers())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Evidence added."))
            return HttpResponseRedirect(onward(request) or evidence.get_absolute_url())
    return _form(request, form, person)


@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: Request, pk: int) -> HttpResponse:
    """Change what was recorded."""
    evidence = get_for(_pieces(), request, "evidence.write_evidence", pk)
    editions = _editions(evidence.person, evidence)
    if request.method != "POST":
        return _form(request, EvidenceForm.of(evidence, editions), evidence.person, evidence=evidence)
    form = EvidenceForm(request.POST, editions=editions)
    if form.is_valid():
        try:
            evidence.rewrite(by=request.user, version=form.cleaned_data["version"] or 0, **form.answers())
        except Stale as conflict:
            return _conflict(request, form, _pieces().get(pk=pk), conflict)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Evidence saved."))
            return redirect(evidence)
    return _form(request, form, evidence.person, evidence=evidence)


def _editions(person, evidence=None):
    """Return the editions whose competencies a piece of somebody's work can speak for.

    One's own; that of each framework it is tagged in already, so that a change loses none of that; all where
    somebody is placed on none.
    """
    in_force, placement = InForce(), person.placement_on()
    tagged = {tag.competency.edition.framework_id for tag in evidence.tags.all()} if evidence else set()
    editions = in_force.open_to(placement)
    return [
        *editions,
        *(row for row in in_force.editions if row.framework_id in tagged and row not in editions),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Look over what would be withdrawn; by POST withdraw it."""
    evidence = get_for(_pieces(), request, "evidence.withdraw_evidence", pk)
    context = {"evidence": evidence, "crumbs": _crumbs(request, evidence.person, _("Withdraw"))}
    if request.method != "POST":
        return render(request, "evidence/withdrawal.html", context)
    try:
        evidence.withdraw(by=request.user)
    except NotNow as refusal:
        return render(request, "evidence/withdrawal.html", context | {"refusal": str(refusal)}, status=422)
    messages.success(request, _("“%(title)s” is withdrawn.") % {"title": evidence.title})
    if evidence.person == request.user:
        return redirect("evidence_list")
    return redirect("evidence_of", evidence.person_id)


def _asked(request: Request, editions):
    """Return what an empty form begins with: the competency that `?competency=` names, where there is one."""
    key = request.GET.get("competency", "").replace("\0", "")
    if len(editions) != 1 or not key:
        return {}
    return {"competencies": Competency.objects.filter(edition=editions[0], key=key)}


def _pieces():
    return Evidence.objects.select_related("person", "author").with_tags()


def _form(request: Request, form, person, *, evidence=None, stored=None):
    context = {
        "form": form,
        "person": person,
        "mine": person == request.user,
        "evidence": evidence,
        "stored": stored,
        "next": onward(request),
        "crumbs": _crumbs(request, person, _("Edit") if evidence else _("New")),
    }
    return render(request, "evidence/form.html", context, status=422 if form.errors or stored else 200)


def _conflict(request: Request, form, stored, conflict):
    """Show what was typed in the form, ready to be saved over what is stored, which stands beside it."""
    data = form.data.copy()
    data["version"] = conflict.details["version"]
    again = EvidenceForm(data, editions=_editions(stored.person, stored))
    return _form(request, again, stored.person, evidence=stored, stored=stored)


def _crumbs(request: Request, person, label):
    mine = person == request.user
    url = reverse("evidence_list") if mine else reverse("evidence_of", args=[person.pk])
    shelf = _("Your evidence") if mine else _("%(name)s’s evidence") % {"name": person.name}
    return [{"label": shelf, "url": url}, {"label": label, "url": ""}]
