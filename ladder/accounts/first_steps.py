"""The first steps of an empty workspace, each with whether it is done."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.core.prepared import prepared
from competencies.framework.models import Edition
from competencies.people.models import Organisation, Person
from competencies.reviews.models import Cycle

from .locked_out import waiting_for
from .second_factor import bearers


@dataclass(frozen=True)
class Step:
    """One step: what, a word on its state, where and by which button it is done, and whether it is."""

    title: str
    note: str
    url: str
    action: str
    done: bool


def first_steps(person: Person, organisation: Organisation) -> list[Step]:
    """Return the five steps of HR, none once all are done or for anyone else. One query, two until they are.

    Invitations count until the first cycle opens, which says itself who cannot sign in. In the demo company
    an account is as safe as it is.
    """
    if not organisation.may_govern:
        return []
    [state] = _state(person)
    opened = state.has_opened
    secured = state.is_secured or organisation.demo
    if secured and opened and state.has_framework and state.has_people:
        return []
    waiting = 0 if opened else waiting_for(person).count()
    return [
        Step(
            _("Secure your account"),
            _("You see what HR sees. Add a passkey or an authenticator app."),
            reverse("account"),
            _("Account and security"),
            secured,
        ),
        Step(
            _("Publish a career framework"),
            _("Reviews are based on a published framework."),
            reverse("editions") if organisation.may_write else "",
            _("Frameworks"),
            state.has_framework,
        ),
        Step(
            _("Add your people"),
            _("Import a file, or add them one by one."),
            reverse("import_new"),
            _("Import people"),
            state.has_people,
        ),
        Step(
            _("Invite them to sign in"),
            ngettext("%(n)d person is waiting.", "%(n)d people are waiting.", waiting) % {"n": waiting}
            if waiting
            else _("Everyone who is here can sign in or has an invitation."),
            reverse("invitations"),
            _("Invitations"),
            state.has_people and not waiting,
        ),
        Step(
            _("Open the first review cycle"),
            _("Choose the framework, the people and the dates."),
            reverse("cycles") if opened else reverse("cycle_new"),
            _("Prepare a cycle"),
            opened,
        ),
    ]


@prepared
def _state(person: Person) -> QuerySet[Any]:
    return Organisation.objects.annotate(
        is_secured=Exists(bearers().filter(user=person)),
        has_framework=Exists(Edition.objects.in_force()),
        has_people=Exists(Person.objects.active().exclude(pk=person.pk)),
        has_opened=Exists(Cycle.objects.filter(opening__isnull=False)),
    ).order_by("pk")[:1]
