"""Holds and copies of records."""

from datetime import timedelta

from competencies.core.clock import now
from competencies.jobs.models import Job
from competencies.personal_data.models import Export, Hold

from ..cast import DAY


def make_holds(people):
    def hold(of, **fields):
        return Hold.objects.create(person=people[of], by=people["hugo"], reason="A court asks.", **fields)

    return {"standing": hold("lena"), "lifted": hold("lena", lifted_at=now()), "of HR": hold("hana")}


def make_exports(people):
    def export(of, by, *, file="a.zip", until=DAY):
        job = Job.objects.create(kind=Job.Kind.RECORD_COPY, by=people[by], ended_at=now())
        return Export.objects.create(person=people[of], job=job, file=file, expires_at=now() + until)

    return {
        "by Lena": export("lena", "lena"),
        "by Lena, being made": export("lena", "lena", file=""),
        "by Lena, expiring": export("lena", "lena", until=timedelta(0)),
        "by Hugo": export("lena", "hugo"),
        "by Fay, who was of HR": export("lena", "fay"),
        "of HR by HR": export("hana", "hana"),
        "of Nemo by Hugo": export("nemo", "hugo"),
    }
