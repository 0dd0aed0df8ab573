"""Mails in the words of the product: ordered as rows of the outbox, sent by the background worker.

What a letter says is written with each try, from the rows as they stand then; a key is made there, so that
it rests in no queue and in no row. A mail server that is away is tried for a day.
"""

import logging
import smtplib
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.utils.module_loading import import_string

from competencies.notices.models import Letter
from competencies.people.models import Person
from ladder.jobs.queue import enqueue_behind, is_idle, task
from ladder.web.email import Mail, send

WRITERS: dict[str, str] = {
    Letter.Kind.INVITATION: "ladder.pages.onboarding.emails.invitation",
    Letter.Kind.RESET: "ladder.pages.accounts.notices.new_password",
    Letter.Kind.ACCOUNT: "ladder.pages.accounts.notices.change",
    Letter.Kind.NEW_EMAIL: "ladder.accounts.email_change.new_email",
    Letter.Kind.SECOND_FACTOR: "ladder.pages.organisation.notices.second_factor_reset",
    Letter.Kind.ENDORSEMENT: "ladder.pages.endorsements.emails.request",
    Letter.Kind.ENDORSED: "ladder.pages.endorsements.emails.answer",
    Letter.Kind.CALL: "ladder.pages.committees.emails.call",
    Letter.Kind.TRAIL_HEAD: "ladder.jobs.audit_checkpoints.head",
}
AWAY, RESTS = "mail-server-away", 10  # seconds for which this process tries none after that
FORGOTTEN, HOUR = "old-letters-forgotten", 60 * 60
AT_ONCE = 200  # letters that one sweep sends on
logger = logging.getLogger(__name__)


@transaction.atomic
def order(
    kind: str, *, to: Person | None, by: Person | None = None, behind: bool = False, **about: Any
) -> Letter:
    """Have `to` told; return the `Letter`. See `Letter.order`; `behind` waits for what others look at."""
    letter = Letter.order(kind, to=to, by=by, **about)
    if behind:
        enqueue_behind(send_letter, letter.pk)
    else:
        send_letter.enqueue(letter.pk)
    return letter


@task()
def send_letter(letter_pk: int) -> None:
    """Write and send a letter. May run twice: the second time finds it sent, or not due yet."""
    letter = Letter.take(letter_pk)
    if letter is None:
        return
    if caches["process"].get(AWAY) and not letter.is_worn_out:
        return _later(letter, tried=False)
    mail = import_string(WRITERS[letter.kind])(letter)
    if mail is None:
        letter.fail(Letter.Failure.NEEDLESS)
        return
    _try(letter, mail)


def _try(letter: Letter, mail: Mail) -> None:
    try:
        send(
            letter.receiver, mail.template, mail.context,
            to=mail.to or letter.address, markup=mail.markup, number=letter.pk,
        )  # fmt: skip
    except (OSError, ValueError) as problem:  # what smtplib raises is an OSError, a bad header a ValueError
        mail.unsent()
        _not_sent(letter, mail, problem)
    else:
        letter.note_sent()


def _not_sent(letter: Letter, mail: Mail, problem: OSError | ValueError) -> None:
    """Give a letter up whose address is refused, or that was tried for a day; try others again later."""
    logger.warning("An email could not be sent: %s", type(problem).__name__)
    status = refusal_in(problem)
    if status is None and not letter.is_worn_out:
        if not isinstance(problem, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
            caches["process"].set(AWAY, True, RESTS)
        return _later(letter)
    with transaction.atomic():
        failure = Letter.Failure.GIVEN_UP if status is None else Letter.Failure.REFUSED
        if letter.fail(failure, status=status or None):
            mail.lost()


def _later(letter: Letter, *, tried: bool = True) -> None:
    due = letter.put_off(tried=tried)
    if send_letter.get_backend().supports_defer:
        send_letter.using(run_after=due).enqueue(letter.pk)


def refusal_in(problem: Exception) -> int | None:
    """Return the code with which a server refused this letter for good (0 without one), or None.

    Whatever else went wrong may go right later: no server, a full mailbox, a password that is mended.
    """
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in problem.recipients.values()]
        return max(codes) if codes and min(codes) >= 500 else None
    if isinstance(problem, smtplib.SMTPDataError):
        return problem.smtp_code if problem.smtp_code >= 500 else None
    return 0 if isinstance(problem, ValueError) else None


def sweep() -> int:
    """Wake a worker for letters that nobody is at, as after an outage; return how many.

    Once an hour, remove those of a month ago.
    """
    if caches["process"].add(FORGOTTEN, True, HOUR):
        Letter.forget_old()
    if not is_idle():
        return 0
    waiting = list(Letter.objects.due().order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    enqueue_behind(send_letter, *waiting)
    return len(waiting)
