"""Having the chain verified: in the background, as it reads every entry that there is."""

from itertools import islice

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from competencies.people.models import Organisation
from competencies.trail.models import Head, record
from competencies.trail.verifying import breaks
from ladder.background import task
from ladder.web import insist

MOST_NAMED = 1000


@require_POST
def verify(request):
    """Order it; what came of it is an entry of the trail itself."""
    insist(request, "people.read_trail", Organisation.here())
    verify_trail.enqueue(request.user.pk)
    messages.success(request, _("The trail is being verified. What comes of it will stand here."))
    return redirect("trail")


@task()
def verify_trail(person_pk):
    """Read the whole chain and record what came of it, in the name of who ordered it."""
    head = Head.here()
    found = list(islice(breaks(), MOST_NAMED))
    person = get_user_model().objects.filter(pk=person_pk).first()
    first = {"first": found[0].sequence} if found else {}
    record("trail.verified", head, by=person, head=str(head), breaks=len(found), **first)
