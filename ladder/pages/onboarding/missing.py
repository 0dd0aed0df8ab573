"""The page that everybody is led to of whom a second factor is asked, and who has none."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ladder.accounts import second_factor
from ladder.web.request import Request


@require_safe
def missing_factor(request: Request) -> HttpResponse:
    if not second_factor.is_missing_here(request):
        return redirect("home")
    return render(request, "onboarding/missing_factor.html")
