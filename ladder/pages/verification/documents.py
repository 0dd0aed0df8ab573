"""The page on which anybody who holds a packet asks whether it is genuine."""

import hashlib
import re

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from competencies.packets.codes import CODE_LENGTH, written_code
from competencies.packets.verification import UNKNOWN, verify_document
from competencies.packets.verification import verify_code as verdict_on
from ladder.web.request import Request

from .forms import LARGEST, VerificationForm

PAGE = "verification/verification.html"
ENVELOPE = 64 << 10  # bytes that a form may take beside the file in it
MARK = re.compile(rb"ladder-packet:([0-9A-Z-]{%d})" % len(written_code("0" * CODE_LENGTH)))
LONGEST_MARK = 40
MOST_MARKS = 8


@login_not_required
@never_cache
@csrf_exempt  # it changes nothing, and the guard would read the whole upload before its size is asked
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """Say of an uploaded document whether it is genuine; a code that was typed has its own address."""
    if request.method != "POST":
        return render(request, PAGE, {"form": VerificationForm()})
    if too_many := ratelimit.consume_or_429(request, action="verification"):
        return too_many
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + ENVELOPE:
        return render(request, PAGE, {"form": VerificationForm(), "too_large": True}, status=413)
    form = VerificationForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422)
    if file := form.cleaned_data["file"]:
        verdict = verify_document(*_read(file))
        return render(request, PAGE, {"form": VerificationForm(), "verdict": verdict, "of_file": True})
    return redirect("verify_code", written_code(form.cleaned_data["code"]))


@login_not_required
@never_cache
@require_safe
def verify_code(request: Request, code) -> HttpResponse:
    """Say whether a code is that of a packet, and ask for the file, which alone can be genuine."""
    if too_many := ratelimit.consume_or_429(request, action="verification", limit_get=True):
        return too_many
    verdict = verdict_on(code)
    status = 404 if verdict.kind == UNKNOWN else 200
    return render(request, PAGE, {"form": VerificationForm(), "verdict": verdict}, status=status)


def _read(file):
    """Return the SHA-256 of a file and the codes that stand in it, holding one piece of it at a time."""
    digest, end = hashlib.sha256(), b""
    codes: dict[str, bool] = {}
    for piece in file.chunks():
        digest.update(piece)
        for found in MARK.finditer(end + piece):
            if len(codes) < MOST_MARKS:
                codes[found[1].decode()] = True
        end = piece[-LONGEST_MARK:]
    return digest.hexdigest(), list(codes)
