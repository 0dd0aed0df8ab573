"""How much dearer the pages are than a bare one of the same form: processor time, asked in turn.

With BESIDE=folder, the checkout of another commit, its pages are asked in turn as well. Each is
brought to life with its own demo, so figures are of what somebody sees who tries Ladder out.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FLOOR = "/assess/7/"
ENGINEER, MANAGER, DIRECTOR, HR = "priya", "tomasz", "amara", "benedikte"
FIND = """
import json
from competencies.people.models import Person
from competencies.promotions.models import Hearing, PromotionCase
from competencies.reviews.models import Assessment, Cycle, Review
of = {person.email.split("@")[0].split(".")[0]: person for person in Person.objects.exclude(email="")}
priya, mateo = of["priya"], of["mateo"]
case = PromotionCase.objects.filter(subject=priya).latest("pk")
revealed = Review.objects.filter(subject=priya, reveal__isnull=False).latest("pk")
hearing = Hearing.objects.latest("pk")
print(json.dumps({
    "emails": {name: person.email for name, person in of.items()},
    "mateo": mateo.pk, "priya": priya.pk, "case": case.pk, "review": revealed.pk, "hearing": hearing.pk,
    "assessment": Assessment.objects.filter(author=mateo, kind="self").latest("pk").pk,
    "cycle": Cycle.objects.filter(opening__isnull=False).latest("pk").pk,
}))
"""


def find(environment):
    """Return what `pages` needs to know of the demo in the database that the environment names."""
    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", FIND],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(answer.stdout.splitlines()[-1])


def pages(found):
    """Return `(name, who, path)` of each page."""
    return [
        ("shell", ENGINEER, "/verify/"),
        ("assessment", "mateo", f"/assessments/{found['assessment']}/"),
        ("comparison", MANAGER, f"/reviews/{found['review']}/"),
        ("case", MANAGER, f"/cases/{found['case']}/"),
        ("hearing, for HR", HR, f"/hearings/{found['hearing']}/"),
        ("home of an engineer", ENGINEER, "/"),
        ("home of a manager", MANAGER, "/"),
        ("home of HR", HR, "/"),
        ("reviews", MANAGER, "/reviews/"),
        ("person", MANAGER, f"/people/{found['priya']}/"),
        ("cycle", HR, f"/cycles/{found['cycle']}/"),
        ("trail", HR, "/trail/"),
        ("team", MANAGER, "/team/"),
        ("team of a director", DIRECTOR, "/team/"),
        ("reviews of a director", DIRECTOR, "/reviews/"),
        ("review in a list", DIRECTOR, f"/reviews/{found['review']}/?scope=below"),
        ("reviews by manager", HR, "/reviews/?scope=managers"),
        ("matrix", ENGINEER, "/ladder/"),
        ("evidence", ENGINEER, "/evidence/"),
        ("directory", HR, "/people/"),
        ("promotions", MANAGER, "/cases/"),
    ]


class Asked:
    """One process that is asked."""

    def __init__(self, project, root, environment):
        script = str(HERE / "asked.py")
        self.process = subprocess.Popen(
            [sys.executable, script, project],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started = self._answer()["started"]

    def ask(self, who, path, **more):
        self.process.stdin.write(json.dumps({"who": who, "path": path} | more) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def environment_of(root, folder):
    """Return the environment of a checkout whose data are in `folder`."""
    return os.environ | {
        "LADDER_DATA": str(folder),
        "LADDER_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "ladder.settings",
        "PYTHONPATH": str(root),
        "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
    }


def live(root, folder):
    """Bring the demo of a checkout to life in `folder`; return the environment that it runs in."""
    environment = environment_of(root, folder)
    for command in (["migrate", "--verbosity=0"], ["load_company"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=root,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return environment


def main(options):
    against = os.environ.get("BESIDE")
    rounds = max(options["requests"] // 4, 10)
    with tempfile.TemporaryDirectory(prefix="ladder-ratios-") as folder:
        folder = Path(folder)
        floor = Asked("floor", ROOT, os.environ | {"FLOOR_DATABASE": str(folder / "floor.sqlite3")})
        environment = live(ROOT, folder / "ours")
        found = find(environment)
        ours = Asked("ladder", ROOT, environment)
        before = Asked("ladder", against, live(against, folder / "before")) if against else None
        _table(floor, ours, before, found, rounds)
        for process in filter(None, (floor, ours, before)):
            process.close()


def _table(floor, ours, before, found, rounds):
    heads = ["x floor", "ms", "queries", "kB", "kB sent"] + (
        ["before", "x before", "queries"] if before else []
    )
    print(f"  {'page':<22}" + "".join(f"{head:>10}" for head in heads))
    for name, who, path in pages(found):
        email = found["emails"][who]
        asked = [(floor, FLOOR), (ours, path), *([(before, path)] if before else [])]
        taken = [[] for _ in asked]
        for number in range(rounds + 3):
            for (process, address), seconds in zip(asked, taken, strict=True):
                answer = process.ask(email, address)
                if answer["status"] != 200:
                    raise SystemExit(f"{name}: {address} answered {answer['status']}")
                if number >= 3:
                    seconds.append(answer["seconds"])
                if process is ours:
                    sizes = answer
        figures = [
            f"{_ratio(taken[1], taken[0]):>10.2f}",
            f"{statistics.median(taken[1]) * 1000:>10.1f}",
            f"{ours.ask(email, path, count=True)['queries']:>10}",
            f"{sizes['html'] / 1000:>10.1f}",
            f"{sizes['sent'] / 1000:>10.1f}",
        ]
        if before:
            figures += [
                f"{_ratio(taken[2], taken[0]):>10.2f}",
                f"{_ratio(taken[1], taken[2]):>10.2f}",
                f"{before.ask(email, path, count=True)['queries']:>10}",
            ]
        print(f"  {name:<22}" + "".join(figures), flush=True)


def _ratio(some, others):
    """Return the median of pairs that were taken in turn."""
    return statistics.median(one / other for one, other in zip(some, others, strict=True))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]) if len(sys.argv) > 1 else {"requests": 120})
