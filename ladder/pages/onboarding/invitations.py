"""Invitations, as HR sees them: one person at a time, or all who still have no way in."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.refusals import Refusal
from competencies.notices.models import Letter
from competencies.people.models import Invitation, Organisation, Person
from competencies.people.models.person_queryset import People
from ladder.accounts.locked_out import waiting_for
from ladder.web.compression import shown_once
from ladder.web.email import are_sent
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, query, require, site_of

from .emails import invite, invite_everyone, link_of

A_PAGE = 50
BY_HAND = 200


@require_safe
def invitations(request: Request) -> HttpResponse:
    """The invitations that are still good, and how many people wait for one."""
    require(request, "people.govern_organisation", Organisation.here())
    active = Invitation.objects.allowing(request.user, "people.revoke_invitation").active()
    page = Paginator(active.select_related("person", "by"), A_PAGE).get_page(request.GET.get("page"))
    written = letters_of(page.object_list)
    for invitation in page.object_list:
        invitation.letter = written.get(invitation.pk)
    context = {
        "page": page,
        "waiting": waiting_for(request.user).count(),
        "query": query(request),
        "crumbs": [{"label": _("Organisation"), "url": reverse("organisation")}, {"label": _("Invitations")}],
    }
    return render(request, "onboarding/invitations.html", context)


def letters_of(invitations: Iterable[Invitation]) -> dict[int | None, Letter]:
    """Return the newest letter of each of `invitations`: `{pk of the invitation: Letter}`."""
    rows = [invitation.pk for invitation in invitations]
    return {letter.row: letter for letter in Letter.objects.filter(kind=Letter.Kind.INVITATION, row__in=rows)}


@never_cache
@posted_from("access", Person, "people.invite_person")
def invite_person(request: Request, pk: int) -> HttpResponse:
    """Invite a person, or anew: by mail, or where no mail is set up by a link that is shown once."""
    person = get_for(Person, request, "people.invite_person", pk)
    site = site_of(request)
    try:
        Invitation.check_never_came(person)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("access", person.pk)
    if not are_sent():
        return hand_over(request, [person], site)
    invite(person, by=request.user, site=site)
    messages.success(request, _("An invitation to %(person)s is on its way.") % {"person": person})
    return redirect("access", person.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite_all(request: Request) -> HttpResponse:
    """Ask first, with the number; then invite everybody who has no way in."""
    require(request, "people.govern_organisation", Organisation.here())
    waiting = waiting_for(request.user)
    number = waiting.count()
    asked = request.POST.get("number")
    if request.method == "POST" and number and asked == str(number):
        return _all(request, waiting, number)
    context = {
        "number": number,
        "changed": asked is not None,
        "by_mail": are_sent(),
        "now": number if are_sent() else min(number, BY_HAND),
        "crumbs": crumbs(_("Everyone")),
    }
    return render(
        request, "onboarding/invite_all.html", context, status=422 if request.method == "POST" else 200
    )


def _all(request: Request, waiting: People, number: int) -> HttpResponse:
    if not are_sent():
        return hand_over(request, waiting.order_by("name", "pk")[:BY_HAND], site_of(request))
    invite_everyone.enqueue(request.user.pk, site_of(request))
    messages.success(
        request, _("Invitations are on their way. They appear in this list as they are created.")
    )
    return redirect("invitations")


@shown_once
def hand_over(request: Request, people: Iterable[Person], site: str) -> HttpResponse:
    """Invite people and show their links, this once, for HR to hand over by other means."""
    links = []
    for person in people:
        try:
            invitation, key = Invitation.issue(person, by=request.user)
        except Refusal:
            continue
        links.append({"person": person, "link": link_of(key, site), "invitation": invitation})
    context = {"links": links, "crumbs": crumbs(_("Invitation links"))}
    return render(request, "onboarding/handover.html", context)


def crumbs(label: str) -> list[dict[str, str]]:
    """Return the way to a page below that of the invitations."""
    return [{"label": _("Invitations"), "url": reverse("invitations")}, {"label": label}]


@posted_from("invitations", Invitation, "people.revoke_invitation", key=None)
def revoke_invitation(request: Request, pk: int) -> HttpResponse:
    invitation = get_for(Invitation, request, "people.revoke_invitation", pk)
    invitation.revoke(by=request.user)
    messages.success(
        request,
        _("Invitation revoked. The link for %(person)s no longer works.") % {"person": invitation.person},
    )
    return redirect("invitations")
