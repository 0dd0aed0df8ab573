"""The words of the table: what a method of a route asks, and how it answers to whom."""

from dataclasses import dataclass

from tests.competencies.core.tables import WHO_MAY

HERE = "people.Organisation"


@dataclass(frozen=True)
class Asked:
    """What one method of one route asks, of which rows, and how it answers.

    `answers` is `((status, who), …)`: the first whose `who` names the actor for the row is the answer, and
    whoever none names is told that there is nothing here. `who` maps labels of rows to names of people, or
    makes that map of the scene. A status that differs between a plain request and htmx is a pair. Without
    `rows` the address names no row, and `EVERYBODY` who signed in is answered alike. `body` makes of the
    scene and the row what is sent, and `args` the arguments of the address where it takes more than a key.
    """

    answers: tuple
    rows: str = ""
    body: object = None
    args: object = None
    door: str = "page"  # "public": without signing in; "api": by session or key
    labels: tuple = ()  # of the rows that are asked about; all when empty
    by_session: bool = False  # no key opens it, whatever its reach


def who(action):
    """Return `{label: names}` of an action, as the table of rules says it."""
    return people(WHO_MAY[action])


def people(table):
    """Return `{label: names}` of `{"names": ["label", …]}`."""
    found = {}
    for names, labels in table.items():
        for label in labels:
            found[label] = found.get(label, frozenset()) | frozenset(names.split())
    return found


class Everybody(dict):
    """Whoever has signed in, for every row."""

    def get(self, label, default=None):
        return self

    def __contains__(self, name):
        return True


EVERYBODY = Everybody()


def on(rows, *answers, **more):
    """A route whose address names a row of the model `rows`."""
    return Asked(tuple(answers), rows=rows, **more)


def own(status=200, **more):
    """A page of the visitor's own: everybody has one, and it shows each their own."""
    return Asked(((status, EVERYBODY),), **more)


def of_company(action, status=200, **more):
    """A page that names no row and asks a rule on the organisation."""
    return Asked(((status, {"": who(action)["here"]}),), **more)


def public(status=200, **more):
    """A route that answers without signing in."""
    return Asked(((status, EVERYBODY),), door="public", **more)
