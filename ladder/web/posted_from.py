"""Addresses that forms are sent to. Opened by hand, or after a sign-in, they lead to the page of the form."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Denied
from competencies.people.models import Person

from .request import Request
from .views import get_for, organisation_of

View = Callable[..., HttpResponse]
Finished = Callable[[Person, Any], str]  # what a person is told of a row whose step is done, or ""


def posted_from(
    page: str,
    rows: type[Model] | None = None,
    action: str = "",
    *,
    key: str | None = "pk",
    finished: Finished | None = None,
) -> Callable[[View], View]:
    """Return a decorator of a view that takes POST alone: a GET leads to the address called `page`.

    Where that page is about a row, only whoever may take `action` on the row of `rows` in the address is led
    there, and `key` names the attribute that goes into the address of the page, None for one without. Others
    get 404, as for a row that is missing. Without `pk` in the address the row is the organisation.
    `finished` says what whoever comes too late is told on that page.
    """

    def decorate(view: View) -> View:
        post = tell_finished(rows, action, finished)(view) if rows and finished else view

        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return post(request, *args, **kwargs)
            if rows is None:
                return redirect(page)
            pk = kwargs["pk"] if "pk" in kwargs else organisation_of(request).pk
            row = get_for(rows, request, action, pk, noting=False)
            if finished and (words := finished(request.user, row)):
                messages.info(request, words)
            return redirect(page, *([] if key is None else [getattr(row, key)]))

        answer.posted_from = page  # type: ignore[attr-defined]
        return answer

    return decorate


def tell_finished(rows: type[Model], action: str, finished: Finished) -> Callable[[View], View]:
    """Return a decorator of a view that answers 404 to a step that is done, as nobody may take it any more.

    Whoever may take `action`, which is to read the row, is led to its page and told what `finished` says.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: Request, pk: int) -> HttpResponse:
            try:
                return view(request, pk)
            except (Http404, Denied):
                row: Any = get_for(rows, request, action, pk, noting=False)
                words = finished(request.user, row)
                if not words:
                    raise
                messages.info(request, words)
                return redirect(row)

        return answer

    return decorate
