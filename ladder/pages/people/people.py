"""The directory for HR: who is here, taking somebody in, and what is said of them."""

from django.contrib import messages
from django.core.cache import caches
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.clock import today
from competencies.core.refusals import Refusal
from competencies.people.models import Organisation, Person
from competencies.people.search import search
from ladder.accounts import email_change
from ladder.web.form_fields import add_refusal
from ladder.web.request import Request
from ladder.web.views import get_for, query, require

from .forms import DescriptionForm, PronounsForm
from .placements import with_placements

PEOPLE_A_PAGE = 50
AT_MOST = 1_000  # rows that a search sorts; more say little
COUNTED_FOR = 60  # seconds
SHOWN = {
    "here": (gettext_lazy("Everyone here"), Person.objects.active),
    "without-manager": (gettext_lazy("Without a manager"), Person.objects.without_manager),
    "without-level": (gettext_lazy("Without a level"), Person.objects.without_level),
    "manager-gone": (gettext_lazy("Manager has left"), Person.objects.with_manager_gone),
    "left": (gettext_lazy("Left"), Person.objects.left),
}


@require_safe
def directory(request: Request) -> HttpResponse:
    """Everyone, found by name, team, email or staff number, with level and manager."""
    require(request, "people.browse_people", Organisation.here())
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    shown = request.GET.get("show") if request.GET.get("show") in SHOWN else "here"
    paginator, more = found(shown, words)
    page = paginator.get_page(request.GET.get("page"))
    if words:
        page.object_list = Person.objects.in_order(page.object_list)
    context = {
        "page": page,
        "rows": with_placements(page.object_list),
        "words": words,
        "shown": shown,
        "choices": [(value, label) for value, (label, _rows) in SHOWN.items()],
        "more": more and AT_MOST,
        "query": query(request),
    }
    return render(request, "people/directory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: Request) -> HttpResponse:
    """Take somebody in; their manager, level and invitation follow on their page."""
    require(request, "people.welcome_person", Organisation.here())
    form = DescriptionForm(request.POST) if request.method == "POST" else DescriptionForm()
    if request.method == "POST" and form.is_valid():
        try:
            person = Person.welcome(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request,
                _("%(name)s was added. Next, assign a manager and a level, and send an invitation.")
                % {"name": person},
            )
            return redirect(person)
    context = {"form": form, "crumbs": crumbs(_("Add person"))}
    return render(request, "people/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: Request, pk: int) -> HttpResponse:
    person = get_for(Person, request, "people.describe_person", pk)
    posted = request.method == "POST"
    form = DescriptionForm(request.POST, person=person) if posted else DescriptionForm.of(person)
    if request.method == "POST" and form.is_valid():
        try:
            described = person.describe(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            moved = email_change.follow(request, described, person.email)
            words = (
                _("Saved. The old email address is notified, and open sessions have ended.")
                if moved
                else _("Saved.")
            )
            messages.success(request, words)
            return redirect(described)
    context = {"form": form, "person": person, "crumbs": crumbs(_("Details"), person)}
    return render(request, "people/description.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def describe_self(request: Request, pk: int) -> HttpResponse:
    person = get_for(Person, request, "people.describe_self", pk)
    form = PronounsForm(
        request.POST if request.method == "POST" else None, initial={"pronouns": person.pronouns}
    )
    if request.method == "POST" and form.is_valid():
        person.describe_self(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(person)
    way = [{"label": person.name, "url": person.get_absolute_url()}, {"label": _("Pronouns")}]
    context = {"form": form, "person": person, "crumbs": way}
    return render(request, "people/pronouns.html", context, status=422 if form.errors else 200)


def crumbs(label, person=None):
    """Return the way to what HR does with `person`, or with somebody who is not here yet."""
    on_the_way = [{"label": person.name, "url": person.get_absolute_url()}] if person else []
    return [{"label": _("People"), "url": reverse("people")}, *on_the_way, {"label": label}]


def found(shown, words):
    """Return a paginator of the people to show, by name, and whether more were found than it holds.

    Everyone is read along the index of names, and counted once a minute. What is searched or chosen is
    read by an index up to a thousand, and sorted after that.
    """
    rows = SHOWN[shown][1]()
    if words:
        ids, more = search(rows, words, most=AT_MOST)
        return Paginator(ids, PEOPLE_A_PAGE), more
    if shown == "here":
        paginator = Paginator(rows, PEOPLE_A_PAGE)
        paginator.count = number_here()
        return paginator, False
    ids = list(rows.order_by().values_list("pk", flat=True)[: AT_MOST + 1])
    people = Person.objects.filter(pk__in=ids[:AT_MOST])
    return Paginator(people, PEOPLE_A_PAGE), len(ids) > AT_MOST


def number_here():
    """Return how many are here: counted again after somebody was taken in, or else once a minute."""
    newest = Person.objects.order_by("-pk").values_list("pk", flat=True).first()
    return caches["process"].get_or_set(
        f"people-here:{today()}:{newest}", Person.objects.active().count, COUNTED_FOR
    )
