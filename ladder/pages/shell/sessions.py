"""Signing in and out, the theme, and signs of life."""

from django.contrib.auth import get_user_model, login, logout
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ladder.web import onward

from .context import THEMES
from .forms import SignInForm
from .personas import is_demo, personas

YEAR = 60 * 60 * 24 * 365


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request):
    if request.user.is_authenticated and request.method != "POST":
        return redirect("home")
    if request.htmx:  # a save that was sent on here must not be answered with a page
        return HttpResponse(status=401)
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        login(request, form.person)
        return HttpResponseRedirect(onward(request) or resolve_url("home"))
    context = {"form": form, "next": onward(request), "personas": personas()}
    return render(request, "shell/sign_in.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_POST
def sign_in_as(request, pk):
    """Step into the demo company as somebody. On a real installation this address does not exist."""
    person = get_user_model().objects.active().filter(pk=pk).first()
    if not is_demo() or person is None:
        raise Http404("nothing here")
    logout(request)
    login(request, person, backend="competencies.access.backends.PermissionBackend")
    return HttpResponseRedirect(onward(request) or resolve_url("home"))


@login_not_required
@require_POST
def sign_out(request):
    logout(request)
    response = redirect("sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@require_POST
def choose_theme(request):
    """Keep the light or dark choice in a cookie; anything else follows the system again."""
    theme = request.POST.get("theme", "")
    back = onward(request, request.headers.get("Referer", ""))
    response = HttpResponseRedirect(back or resolve_url("home"))
    if theme in THEMES:
        response.set_cookie(
            "theme", theme, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    else:
        response.delete_cookie("theme")
    return response


@login_not_required
@require_safe
def alive(request):
    """Answer while the process lives."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request):
    """Answer 200 when the database answers and no migration waits, 503 with the reason otherwise."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except connection.Database.Error as error:
        return JsonResponse({"ready": False, "reason": type(error).__name__}, status=503)
    if waiting:
        return JsonResponse({"ready": False, "reason": "migrations wait"}, status=503)
    return JsonResponse({"ready": True})
