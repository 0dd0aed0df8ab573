"""What the product keeps of people besides the domain, for their copy and for their erasure."""

from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from competencies.people.models import Person
from competencies.personal_data.cleanup import clearing
from competencies.personal_data.inventory import CODE, CONTENT, GOES, STAYS, classify, nobody_in
from competencies.personal_data.models import Leftover
from competencies.personal_data.record_copy import gathered
from competencies.personal_data.redaction import Mentions
from ladder.jobs.task_database import DBTaskResult

# Each row that a clearing below removes, or from which it takes the name.
classify("sessions.Session", session_key=CODE, session_data=GOES)
classify("usersessions.UserSession", user=STAYS, session_key=CODE, user_agent=GOES, ip=GOES, data=GOES)
classify("account.EmailAddress", user=STAYS, email=GOES)
classify("account.EmailConfirmation", key=CODE)
classify("mfa.Authenticator", user=STAYS, type=CODE, data=GOES)
classify("socialaccount.SocialAccount", user=STAYS, provider=CODE, uid=GOES, extra_data=GOES)
classify("socialaccount.SocialToken", token=CODE, token_secret=CODE)
classify(
    "django_tasks_database.DBTaskResult",
    status=CODE, args_kwargs=GOES, task_path=CODE, worker_ids=CODE, queue_name=CODE, backend_name=CODE,
    return_value=GOES, exception_class_path=CODE, traceback=GOES,
)  # fmt: skip
classify(
    "socialaccount.SocialApp",
    provider=CODE, provider_id=CODE, name=CONTENT, client_id=CODE, secret=CODE, key=CODE, settings=CODE,
)  # fmt: skip
nobody_in("auth.Permission", "auth.Group", "auth.Group_permissions", "contenttypes.ContentType")


@gathered("sessions")
def sessions_of(person: Person) -> list[dict[str, str | None]]:
    """Return where somebody is signed in: browser, address, since when."""
    sessions = UserSession.objects.filter(user=person).order_by("created_at", "pk")
    return [
        {
            "browser": session.user_agent,
            "address": session.ip,
            "since": f"{session.created_at:%Y-%m-%dT%H:%M:%SZ}",
            "last_seen_at": f"{session.last_seen_at:%Y-%m-%dT%H:%M:%SZ}",
        }
        for session in sessions
    ]


@clearing("accounts", _("Sign-in methods"))
def clear_accounts(person: Person, mentions: Mentions) -> int:
    """Remove addresses, second factors and accounts elsewhere."""
    ways = (EmailAddress, Authenticator, SocialAccount)
    return sum(way.objects.filter(user=person).delete()[0] for way in ways)


@clearing("sessions", _("Sessions"))
def clear_sessions(person: Person, mentions: Mentions) -> int:
    """End the person's sessions, and take messages that name the person out of those of others."""
    removed, _each = UserSession.objects.filter(user=person).delete()
    for session in Session.objects.all():
        kept = session.get_decoded()
        if kept.get(SESSION_KEY) == str(person.pk):
            removed += session.delete()[0]
        elif mentions.are_in(kept):
            session.session_data = SessionStore().encode(mentions.out_of_all(kept))
            session.save(update_fields=["session_data"])
    return removed


@clearing("tasks", _("Finished tasks"))
def clear_tasks(person: Person, mentions: Mentions) -> int:
    """Remove what finished tasks were given, returned, and said when they failed."""
    return DBTaskResult.objects.finished().delete()[0]


@clearing("limits", _("Counts of failed attempts"))
def clear_cache(person: Person, mentions: Mentions) -> int:
    """Forget every count: they are kept under digests of addresses, and nobody can tell whose."""
    cache.clear()
    return 0


@clearing("mails", _("Emails in the data folder"))
def clear_mails(person: Person, mentions: Mentions) -> int:
    """Have the mails removed that lie in files and name the person, as without a mail server."""
    folder = Path(settings.EMAIL_FILE_PATH or settings.DATA_DIR / "mail")
    texts = [(path, path.read_text(encoding="utf-8", errors="replace")) for path in folder.glob("*.log")]
    named = [
        Leftover(kind=Leftover.Kind.MAIL, name=path.name) for path, text in texts if mentions.are_in(text)
    ]
    return len(Leftover.objects.bulk_create(named))
