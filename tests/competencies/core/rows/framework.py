"""Editions in each state, with one row of each part, and the documents they rest on."""

from competencies.framework.models import (
    Area,
    Citation,
    Competency,
    Coverage,
    Edition,
    Framework,
    Level,
    Publication,
    Retirement,
    Skill,
    Track,
)
from competencies.sources.models import Passage, Source


def make_edition(name, aude):
    """Return a small edition in the state `name`, with one row of each part."""
    edition = Edition.objects.create(framework=Framework.objects.create(key=name, title=name), number=1)
    track = Track.objects.create(edition=edition, key="t", title=name, position=1)
    level = Level.objects.create(edition=edition, key="l", title=name, rung=1, position=1)
    area = Area.objects.create(edition=edition, key="a", title=name, position=1)
    competency = Competency.objects.create(edition=edition, area=area, key="c", title=name, position=1)
    Skill.objects.create(edition=edition, key="s", title=name, competency=competency, position=1)
    covering, cited = (
        Source.objects.create(key=f"{name}-{what}", title=what, digest=f"{name} {what}")
        for what in ("covering", "cited")
    )
    Coverage.objects.create(edition=edition, source=covering, track=track, level=level)
    passage = Passage.objects.create(source=cited, number=1, gist="Said.")
    Citation.objects.create(edition=edition, passage=passage, level=level)
    if name == "retired":
        Publication.objects.create(edition=edition, by=aude)
        Retirement.objects.create(edition=edition, by=aude)
    return edition


def make_sources(editions):
    sources = {
        f"{what}, {name}": Source.objects.get(key=f"{name}-{what}")
        for name in ("draft", "retired")
        for what in ("covering", "cited")
    }
    published = Source.objects.filter(coverages__edition=editions["published"]).first()
    alone = Source.objects.create(key="alone", title="Alone", digest="alone")
    return sources | {"covering, published": published, "of nothing": alone}
