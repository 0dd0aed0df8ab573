"""Signing in and out, the theme, and signs of life."""

from allauth.account.adapter import get_adapter
from allauth.account.signals import user_logged_in
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ladder.ops import health
from ladder.web.request import Request
from ladder.web.views import onward

from .context import THEMES
from .personas import is_demo, personas

YEAR = 60 * 60 * 24 * 365


class SignIn(LoginView):
    """The door: email and password, or a passkey, and on the demo company everybody to step in as."""

    template_name = "shell/sign_in.html"

    def get_context_data(self, **context):
        return super().get_context_data(**context) | {
            "next": onward(self.request),
            "personas": personas(),
            "provider": settings.OIDC_NAME,
            "only": settings.OIDC_ONLY,
        }


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    if request.htmx:  # a save that was sent on here must not be answered with a page
        return HttpResponse(status=401)
    response = SignIn.as_view()(request)
    if request.method == "POST" and response.status_code == 200:
        response.status_code = 422
    return response


@login_not_required
@never_cache
@require_POST
def sign_in_as(request: Request, pk: int) -> HttpResponse:
    """Step into the demo company as somebody. On a real installation this address does not exist."""
    person = get_user_model().objects.active().filter(pk=pk).first()
    if not is_demo() or person is None:
        raise Http404("nothing here")
    logout(request)
    get_adapter(request).login(request, person)
    user_logged_in.send(type(person), request=request, user=person)
    return HttpResponseRedirect(onward(request) or resolve_url("home"))


@login_not_required
@require_POST
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    response = redirect("sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@never_cache
@require_safe
def session(request: Request) -> HttpResponse:
    """Tell a page of ours who is signed in, with a token for its forms; 401 when nobody is.

    Only a page of this address can read the answer.
    """
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    return JsonResponse({"person": request.user.pk, "token": get_token(request)})


@login_not_required
@require_POST
def choose_theme(request: Request) -> HttpResponse:
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
def alive(request: Request) -> HttpResponse:
    """Answer while the process lives."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: Request) -> HttpResponse:
    """Answer 200 when all that Ladder needs is there, 503 else: a word a check, more to its operator."""
    found = health.look()
    is_ready = all(word == health.OK for word, _cause in found.values())
    words = {word for word, _cause in found.values()}
    request.is_asked_while_warming_up = words == {health.OK, health.WARMING_UP[0]}
    report = {"ready": is_ready, "checks": {name: word for name, (word, _cause) in found.items()}}
    if health.may_know_causes(request):
        report["causes"] = {name: cause for name, (_word, cause) in found.items() if cause}
        report["version"] = settings.VERSION
    return JsonResponse(report, status=200 if is_ready else 503)
