"""Evidence by each who may have recorded it."""

from datetime import datetime, time

from django.utils import timezone

from competencies.core.clock import standing_at, today
from competencies.evidence.models import Evidence
from competencies.framework.models import Edition

from ..cast import MONTH


def make_evidence(people):
    competency = Edition.objects.in_force().get().competency_set.first()

    def piece(of, by, day):
        with standing_at(timezone.make_aware(datetime.combine(day, time(12)))):
            return Evidence.log(
                people[of], by=people[by], happened_on=day, title="A piece", competencies=[competency]
            )

    return {
        "of lena by lena": piece("lena", "lena", today()),
        "of lena by mara": piece("lena", "mara", today()),
        "of lena by fay": piece("lena", "fay", today() - 2 * MONTH),
        "of lena by dora": _by_dora(people),
        "of hana by hana": piece("hana", "hana", today()),
        "of kit by noor": piece("kit", "noor", today()),
        "withdrawn, of lena by lena": _withdrawn(piece("lena", "lena", today()), people["lena"]),
    }


def _by_dora(people):
    """Evidence that Dora recorded when Lena reported to her, which no line of today tells."""
    return Evidence.objects.create(
        person=people["lena"], author=people["dora"], happened_on=today(), title="A piece"
    )


def _withdrawn(piece, by):
    piece.withdraw(by=by)
    return piece
