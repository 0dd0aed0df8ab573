"""Grants, tokens, invitations and imports in each state."""

from competencies.core.clock import now
from competencies.jobs.models import Job
from competencies.people.models import Invitation, Token
from competencies.people_import.models import Application, Import, Memory, Preview, Run, Sheet, Undoing
from competencies.people_import.models.imports import UNDOABLE

from ..cast import DAY


def make_grants(people):
    kept = (("hana", "hr"), ("hugo", "hr"), ("fay", "hr"), ("aude", "author"), ("otto", "auditor"))
    return {f"{role} of {name}": people[name].grants.get(role=role) for name, role in kept}


def make_invitations(people):
    states = {
        "living": {},
        "accepted": {"accepted_at": now()},
        "taken back": {"revoked_at": now()},
        "expired": {"expires_at": now() - DAY},
    }
    return {
        name: Invitation.objects.create(
            person=people["lena"], by=people["hugo"], digest=name, **{"expires_at": now() + DAY} | fields
        )
        for name, fields in states.items()
    }


def make_tokens(lena):
    tokens = {name: Token.issue(lena, by=lena, label=name)[0] for name in ("in force", "revoked")}
    tokens["revoked"].revoke(by=lena)
    return tokens


def make_runs(imports):
    """A preview of each import that was asked for by whoever brought it."""

    def asked(made):
        job = Job.objects.create(kind=Job.Kind.PEOPLE_IMPORT, by=made.by)
        return Run.objects.create(of=made, kind=Run.Kind.WORK_OUT, job=job)

    return {label: asked(made) for label, made in imports.items()}


def make_imports(hugo):
    def imported(name, *, kept=True, previewed=True, applied=None, remembered=True, undone=False):
        made = Import.objects.create(file=name, by=hugo, rows=1)
        if kept:
            Sheet.objects.create(of=made, headings=[], packed=b"")
        if previewed:
            Preview.objects.create(of=made, by=hugo, mapping={}, counts={}, digest=name)
        if applied:
            application = Application.objects.create(of=made, by=hugo, at=applied, counts={})
            if remembered:
                Memory.objects.create(application=application, packed=b"")
            if undone:
                Undoing.objects.create(application=application, by=hugo)
        return made

    return {
        made.file: made
        for made in (
            imported("uploaded", previewed=False),
            imported("previewed"),
            imported("dropped", kept=False),
            imported("applied", applied=now()),
            imported("applied and forgotten", applied=now(), kept=False, remembered=False),
            imported("applied a day ago", applied=now() - UNDOABLE),
            imported("undone", applied=now(), undone=True),
        )
    }
