from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import NotNow, Refusal
from competencies.promotions.models import Story
from ladder.web.autosave import SaveStatus, keep
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import cases_for, competencies_of, crumbs, evidence_of
from .forms import StoryForm

PAGE, LAST_STEP = "promotions/story.html", "shell/last_step.html"


@require_http_methods(["GET", "HEAD", "POST"])
def tell_story(request: Request, pk: int) -> HttpResponse:
    """Show a new impact story, and by POST add it."""
    case = get_for(cases_for, request, "promotions.write_case", pk)
    form = _form(request, case)
    if request.method == "POST" and form.is_valid():
        try:
            story = case.tell(by=request.user, **form.values)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You added “%(title)s”.") % {"title": story.title})
            return redirect(f"{case.get_absolute_url()}#stories")
    return respond(request, PAGE, _context(case, form), status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_story(request: Request, pk: int) -> HttpResponse:
    """Show an impact story as it is told so far, and by POST keep what is changed in it."""
    story = get_for(_stories(), request, "promotions.write_story", pk)
    case = get_for(cases_for, request, "promotions.write_case", story.case_id)
    form = _form(request, case, story)
    save_status = SaveStatus(f"story-{story.pk}", story.version, reverse("story", args=[story.pk]))
    if request.method != "POST":
        return respond(request, PAGE, _context(case, form, story=story, save_status=save_status))

    def write(version, **values):
        return story.rewrite(by=request.user, version=version, **values)

    save_status = keep(save_status, form, write)
    context = _context(case, form, story=story, save_status=save_status)
    if save_status.status == 200:
        context["previews"] = {field.id_for_label: form.cleaned_data[field.name] for field in form.texts}
    fragment, done = "promotions/_story_kept.html", save_status.place
    return respond(request, PAGE, context, fragment=fragment, done=done, status=save_status.status)


@posted_from("case", Story, "promotions.write_story", key="case_id")
def move_story(request: Request, pk: int) -> HttpResponse:
    """Put a story one place further up or down among those of its case."""
    story = get_for(_stories(), request, "promotions.write_story", pk)
    order = list(story.case.stories.all())
    here = order.index(story)
    there = here + (1 if request.POST.get("towards") == "end" else -1)
    if 0 <= there < len(order):
        order.insert(there, order.pop(here))
        try:
            story.case.arrange(order, by=request.user)
        except NotNow as refusal:
            messages.error(request, str(refusal))
    return redirect(f"{story.case.get_absolute_url()}#stories")


@require_http_methods(["GET", "HEAD", "POST"])
def remove_story(request: Request, pk: int) -> HttpResponse:
    """Say what goes with a story, and by POST take it out of its case."""
    story = get_for(_stories(), request, "promotions.write_story", pk)
    if request.method != "POST":
        return respond(request, LAST_STEP, _before_removal(story))
    story.remove(by=request.user)
    messages.success(request, _("You removed “%(title)s”.") % {"title": story.title})
    return redirect(f"{reverse('case', args=[story.case_id])}#stories")


def _before_removal(story):
    return {
        "eyebrow": str(story.case),
        "heading": _("Remove “%(title)s”") % {"title": story.title},
        "lede": _("You can’t undo this. What is written in the story is deleted."),
        "closes": [
            _("Written so far: %(told)d of 6 parts.") % {"told": story.parts_written},
            _("The evidence stays recorded, and stays in the case if it was chosen."),
        ],
        "action": _("Remove story"),
        "back": reverse("story", args=[story.pk]),
        "crumbs": crumbs(story.case, {"label": _("Remove story")}),
    }


def _stories():
    return Story.objects.select_related("case__subject", "case__to_level").prefetch_related(
        "competencies", "evidence"
    )


def _form(request: Request, case, story=None):
    values = story and {
        "title": story.title,
        "competencies": [row.pk for row in story.competencies.all()],
        "evidence": [row.pk for row in story.evidence.all()],
        **{name: getattr(story, name) for name in Story.TEXTS},
    }
    return StoryForm(
        request.POST if request.method == "POST" else None,
        initial=values,
        competencies=competencies_of(case),
        evidence=evidence_of(case, request.user),
    )


def _context(case, form, *, story=None, save_status=None):
    label = story.title if story else _("New impact story")
    return {
        "case": case,
        "form": form,
        "story": story,
        "save_status": save_status,
        "crumbs": crumbs(case, {"label": label}),
    }
