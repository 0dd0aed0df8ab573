"""The article of a competency on a sheet: drawn once for everybody, and filled with its writer's answer."""

from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import ngettext

from .panels import choice


class Articles:
    """Draws the articles of a sheet for one request."""

    def __init__(self, request, sheet):
        self.request = request
        self.sheet = sheet
        self.token = get_token(request)
        self.address = sheet.assessment.get_absolute_url()

    @property
    def contents(self):
        """The list of the competencies, each with its answer."""
        values: dict[str, str] = {}
        for row in self.sheet.rows:
            words, rating = self.sheet.panels.ratings[row.kept["point"]]
            values |= {f"words_{row.competency.pk}": words, f"rating_{row.competency.pk}": rating}
        return self.sheet.panels.contents.filled(**values)

    @property
    def anchors(self):
        """What each step of the scale means, which the articles lead to."""
        return self.sheet.panels.anchors

    @property
    def areas(self):
        """The articles by area: `[(area, [HTML, …]), …]`."""
        return [(area, [self.of(row) for row in rows]) for area, rows in self.sheet.areas]

    def of(self, row, *, again=False):
        """Return the article of one row; `again`: it replaces what stood there, and takes the focus back."""
        drawn, shown = self.sheet.panels.articles[row.competency.pk], row.shown
        article = self.sheet.panels.article_again(row.competency) if again else drawn["article"]
        state, marked = row.mark
        return article.filled(
            assessment=self.address,
            state="" if row.kept["point"] else "open",
            scale=row.scale,
            comment_label=self.sheet.comment_label,
            comment=shown["comment"],
            version=shown["version"],
            refused=self.refused(row),
            resting=row.resting,
            untagged="" if row.tagged else self.sheet.panels.untagged,
            choices=format_html_join(
                "", "{}", ((choice(piece, ticked=ticked),) for piece, ticked in row.choices)
            ),
            rest=self._rest(row, drawn["rest"]),
            csrf_token=self.token,
            telling=self._telling(row, drawn["telling"]),
            mark=state,
            marked=marked,
        )

    def refused(self, row):
        """Return why nothing was kept, with both texts where they are in conflict."""
        if not row.refusal:
            return ""
        context = {
            "competency": row.competency,
            "row": row,
            "points": self.sheet.points,
            "rating": self.sheet.panels.ratings[row.kept["point"]],
            "address": reverse("rating", args=[self.sheet.assessment.pk, row.competency.pk]),
            "page": self.address,
        }
        return render_to_string("reviews/_refused.html", context)

    def _rest(self, row, drawn):
        if not row.rest:
            return ""
        if row.rest_shown:
            return others_shown(row)
        return drawn.filled(assessment=self.address, words=_others(len(row.rest)))

    def _telling(self, row, drawn):
        if row.telling is None:
            return drawn.filled(assessment=self.address)
        context = telling(self.sheet.assessment, row.competency, form=row.telling)
        return render_to_string("reviews/_telling.html", context, self.request)


def telling(assessment, competency, *, form=None, recorded=False):
    """Return what the place to tell of more evidence is drawn with: the form, or the way to it."""
    return {
        "assessment": assessment,
        "competency": competency,
        "address": reverse("support", args=[assessment.pk, competency.pk]),
        "form": form,
        "recorded": recorded,
    }


def others_shown(row):
    """Return the pieces to choose from that are not tagged with the competency of the row."""
    context = {"competency": row.competency, "pieces": [choice(piece) for piece in row.rest]}
    return render_to_string("reviews/_rest_shown.html", context)


def _others(number):
    words = ngettext("Choose from %(counter)s other piece", "Choose from %(counter)s other pieces", number)
    return words % {"counter": number}
