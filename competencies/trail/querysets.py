"""Entries of the trail by what a reader looks for."""

from django.db.models import Q

from competencies.access.querysets import Guarded


class Entries(Guarded):
    """Entries by action, person and day."""

    def matching(self, *, action="", person="", since=None, until=None):
        """Keep entries whose action begins so, that a person made or that are about them, in those days.

        Empty values do not narrow. `since` and `until` are dates, both included.
        """
        entries = self
        if action:
            entries = entries.filter(action__startswith=action.strip().lower())
        for word in person.split():
            named = Q(actor__name__icontains=word) | Q(actor__email__icontains=word)
            about = Q(about__name__icontains=word) | Q(about__email__icontains=word)
            entries = entries.filter(named | about)
        if since:
            entries = entries.filter(at__date__gte=since)
        if until:
            entries = entries.filter(at__date__lte=until)
        return entries
