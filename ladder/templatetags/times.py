"""Instants as mails tell them: in the zone of whoever is written to, and saying whose it is."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competencies.core.clock import now

register = template.Library()


@register.simple_tag(takes_context=True)
def moment(context: template.Context, instant: datetime | None) -> str:
    """Return an instant as in "Thu 10 Dec, 18:00 your time", or with the zone's name where `person` has none.

    Where it is of another year than the present one, the year is said as well.
    """
    if not instant:
        return ""
    here = timezone.localtime(instant)
    same_year = here.year == timezone.localtime(now()).year
    said = date_format(here, "D j M, H:i" if same_year else "D j M Y, H:i")
    if _zone_of(context.get("person")):
        return _("%(moment)s your time") % {"moment": said}
    return f"{said} ({timezone.get_current_timezone_name()})"


def _zone_of(person: Any) -> Any:
    return getattr(person, "zone", None)
