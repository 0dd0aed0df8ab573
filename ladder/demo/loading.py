"""From a company file to a company: all of it, or nothing."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from competencies.core.clock import today
from competencies.core.refusals import NotNow
from competencies.framework.parser import read
from competencies.people.models import Person

from .parser import read_company
from .timeline import Timeline

DEMO = settings.SEED_DIR / "company.yaml"
LADDER = settings.SEED_DIR / "frameworks" / "backend.yaml"


@transaction.atomic
def load_company(path=DEMO, *, ladder=LADDER):
    """Bring the company of the file `path` to life on the ladder of the file `ladder`.

    Returns the `Organisation`, marked as a demo. Refuses with `NotNow` where there are people, and
    with `BadFile`; then nothing is changed.
    """
    if Person.objects.exists():
        raise NotNow(_("This database already has people in it. The demo company needs an empty one."))
    framework = ladder.read_bytes()
    spec = read_company(path.read_bytes(), file=path.name, ladder=read(framework, file=ladder.name))
    timeline = Timeline(spec, framework, today=today())
    timeline.plan()
    timeline.happen()
    return timeline.organisation
