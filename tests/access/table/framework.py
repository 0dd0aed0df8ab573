"""The ladder and its sources: read by everybody once published, written by authors."""

from .asked import EVERYBODY, of_company, on, own, people

EDITION, COMPETENCY, TRACK = "framework.Edition", "framework.Competency", "framework.Track"
AUTHORS = frozenset({"aude"})
READ = {"published": EVERYBODY, "retired": EVERYBODY, "draft": AUTHORS}
PUBLISH = people({"aude": ["published", "retired", "draft"]})


def role_args(scene, row):
    return (row.pk, row.edition.level_set.first().pk)


def expectation_args(scene, row):
    return (row.edition.track_set.first().pk, row.edition.level_set.first().pk, row.pk)


ROUTES = {
    "ladder": {"GET": own()},
    "editions": {"GET": own()},
    "edition_import": {
        "GET": of_company("people.write_framework"),
        "POST": of_company("people.write_framework", 422),
    },
    "matrix": {"GET": on(EDITION, (200, READ))},
    "edition_file": {"GET": on(EDITION, (200, READ))},
    "publication": {
        "GET": on(EDITION, (200, PUBLISH)),
        "POST": on(EDITION, ((302, 200), people({"aude": ["draft"]})), (422, PUBLISH)),
    },
    "retirement": {
        "GET": on(EDITION, (200, PUBLISH)),
        "POST": on(EDITION, ((302, 200), people({"aude": ["published"]})), (422, PUBLISH)),
    },
    "competency": {"GET": on(COMPETENCY, (200, READ))},
    "role": {"GET": on(TRACK, (200, READ), args=role_args)},
    "expectation": {"GET": on(COMPETENCY, (200, READ), args=expectation_args)},
    "sources": {"GET": own()},
    "source": {"GET": on("sources.Source", (200, READ))},
    "search": {"GET": own()},
    "palette": {"GET": own()},
}
