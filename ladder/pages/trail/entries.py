"""The trail, newest entry first, for those who may read all of it."""

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from competencies.people.models import Organisation
from competencies.trail.models import Entry, Head
from ladder.fields import Day
from ladder.web import insist, query

ENTRIES_A_PAGE = 50


class FilterForm(forms.Form):
    """What to look for: an action by its beginning, a person by name or email, and days."""

    action = forms.CharField(label=_("Action"), required=False, max_length=64)
    person = forms.CharField(label=_("Person"), required=False, max_length=100)
    since = Day(label=_("From"), required=False)
    until = Day(label=_("Until"), required=False)


@require_safe
def trail(request):
    insist(request, "people.read_trail", Organisation.here())
    form = FilterForm(request.GET or None)
    entries = Entry.objects.allowing(request.user, "trail.read_entry").select_related("actor", "about")
    if form.is_bound and form.is_valid():
        entries = entries.matching(**form.cleaned_data)
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "query": query(request), "head": Head.objects.first()}
    return render(request, "trail/trail.html", context)
