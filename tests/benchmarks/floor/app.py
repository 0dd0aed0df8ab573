"""A bare Django page: what no page of the same form is much cheaper than, and speed is measured against.

One page: a session, a person, six queries, and twelve competencies with a radio for each of three levels. The
middleware, the session in the database and SQLite are set as Ladder sets them. FLOOR_DATABASE names its file.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings

FOLDER = Path(__file__).parent
ENGINEERS, COMPETENCIES, LEVELS = 50, 12, 3
TEXT = "Breaks unclear work into small steps; writes down what was weighed and helps the team to choose. " * 3
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["FLOOR_DATABASE"],
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 5,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            },
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django_htmx",
    ],
    MIDDLEWARE=MIDDLEWARE,
    ROOT_URLCONF=__name__,
    SECRET_KEY="of a page that nobody signs in to but the benchmark",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [FOLDER / "templates"],
            "OPTIONS": {"context_processors": PROCESSORS},
        }
    ],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


class Table(models.Model):
    class Meta:
        abstract = True
        app_label = "floor"


class Engineer(Table):
    name = models.CharField(max_length=80)
    title = models.CharField(max_length=80)
    manager = models.ForeignKey("self", models.CASCADE, null=True)


class Competency(Table):
    name = models.CharField(max_length=80)
    order = models.IntegerField()


class Level(Table):
    name = models.CharField(max_length=40)
    order = models.IntegerField()


class Expectation(Table):
    competency = models.ForeignKey(Competency, models.CASCADE)
    level = models.ForeignKey(Level, models.CASCADE)
    text = models.TextField()


class Assessment(Table):
    engineer = models.ForeignKey(Engineer, models.CASCADE)
    cycle = models.CharField(max_length=20)


class Rating(Table):
    assessment = models.ForeignKey(Assessment, models.CASCADE)
    competency = models.ForeignKey(Competency, models.CASCADE)
    value = models.IntegerField(null=True)
    note = models.TextField(blank=True)
    version = models.IntegerField(default=0)


class Evidence(Table):
    assessment = models.ForeignKey(Assessment, models.CASCADE)
    competency = models.ForeignKey(Competency, models.CASCADE)
    title = models.CharField(max_length=200)


def assess(request, engineer):
    if not request.user.is_authenticated:
        return HttpResponse("no", status=403)
    found = Assessment.objects.select_related("engineer", "engineer__manager").get(engineer_id=engineer)
    competencies = list(Competency.objects.order_by("order"))
    levels = list(Level.objects.order_by("order"))
    texts = {(row.competency_id, row.level_id): row.text for row in Expectation.objects.all()}
    ratings = {row.competency_id: row for row in Rating.objects.filter(assessment=found)}
    evidence = {}
    for piece in Evidence.objects.filter(assessment=found):
        evidence.setdefault(piece.competency_id, []).append(piece.title)
    rows = [
        {
            "competency": competency,
            "rating": ratings[competency.pk],
            "evidence": evidence.get(competency.pk, []),
            "cells": [
                {
                    "level": level,
                    "text": texts[competency.pk, level.pk],
                    "checked": ratings[competency.pk].value == level.order,
                }
                for level in levels
            ],
        }
        for competency in competencies
    ]
    return render(request, "assess.html", {"assessment": found, "rows": rows, "name": request.user.username})


urlpatterns = [path("assess/<int:engineer>/", assess)]
application = get_wsgi_application()


def fill():
    """Make the tables and a company of `ENGINEERS`."""
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as schema:
        for model in (Engineer, Competency, Level, Expectation, Assessment, Rating, Evidence):
            schema.create_model(model)
    User.objects.create_user("bench")
    competencies = Competency.objects.bulk_create(
        Competency(name=f"Competency {n}", order=n) for n in range(COMPETENCIES)
    )
    levels = Level.objects.bulk_create(Level(name=f"Level {n}", order=n) for n in range(1, LEVELS + 1))
    Expectation.objects.bulk_create(
        Expectation(competency=competency, level=level, text=TEXT)
        for competency in competencies
        for level in levels
    )
    manager = Engineer.objects.create(name="Manager", title="Engineering manager")
    for n in range(ENGINEERS):
        engineer = Engineer.objects.create(name=f"Engineer {n}", title="Engineer", manager=manager)
        assessment = Assessment.objects.create(engineer=engineer, cycle="First half")
        Rating.objects.bulk_create(
            Rating(assessment=assessment, competency=row, value=(n + row.pk) % LEVELS + 1, note=TEXT[:180])
            for row in competencies
        )
        Evidence.objects.bulk_create(
            Evidence(assessment=assessment, competency=row, title=f"Change {row.pk} and its design note")
            for row in competencies[::2]
        )


sys.modules.setdefault("tests.benchmarks.floor.app", sys.modules[__name__])
