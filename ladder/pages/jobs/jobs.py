"""What is done in the background: what the visitor ordered, and for HR and auditors how much there is."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.clock import now
from competencies.jobs.models import Job
from competencies.jobs.subjects import subjects_of
from competencies.packets.models import Order
from competencies.people.models import Organisation
from ladder.web.views import query, respond

from .retrials import retrial_of

PAGE, FRAGMENT = "jobs/jobs.html", "jobs/_jobs.html"
JOBS_A_PAGE, WEEK = 25, timedelta(days=7)
OPEN = ("waiting", "at-work")


@require_safe
def jobs(request):
    """Show what the visitor ordered, the newest first; htmx asks again while something is open."""
    kind = request.GET.get("kind")
    rows = Job.objects.allowing(request.user, "jobs.read_job")
    if kind in Job.Kind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(rows, JOBS_A_PAGE).get_page(request.GET.get("page"))
    subjects = subjects_of(page.object_list, request.user)
    context = {
        "page": page,
        "jobs": [_entry(job, subjects.get(job.pk)) for job in page.object_list],
        "tabs": _tabs(kind),
        "query": query(request),
        "address": request.get_full_path(),
        "goes_on": any(job.state in OPEN for job in page.object_list),
        "crumbs": [],
    }
    if request.user.has_perm("jobs.count_jobs", Organisation.here()):
        context |= counts()
    return respond(request, PAGE, context, fragment=FRAGMENT)


def _entry(job, subject):
    return {"job": job, "subject": subject, "retrial": retrial_of(job, subject)}


def _tabs(chosen):
    everything = {"label": _("All"), "url": "?", "current": chosen not in Job.Kind.values}
    kinds = [
        {"label": label, "url": f"?kind={kind}", "current": kind == chosen}
        for kind, label in Job.Kind.choices
    ]
    return [everything, *kinds]


def counts():
    """Return how many jobs of everybody's there are of each kind and state, and since when one waits.

    Documents of drafts are left out: they would tell that somebody writes a case.
    """
    of_draft = Exists(Order.objects.of_drafts().filter(job=OuterRef("pk")))
    jobs = Job.objects.recent(since=now() - WEEK).exclude(of_draft)
    labels = dict(Job.Kind.choices)
    return {
        "counts": [{"label": labels[kind], **row} for kind, row in jobs.counted().items()],
        "oldest": jobs.waiting().order_by("at").values_list("at", flat=True).first(),
        "now": now(),
    }
