"""Further frameworks beside the built-in one, in which the same keys and words mean something else."""

FRONTEND = """\
format: 1
framework: {key: frontend-engineering, title: Frontend engineering, summary: What people see.}
sources:
  - key: "700"
    title: Frontend engineer
    covers: [{track: web, level: senior}]
    passages:
      - {n: 1, gist: Builds pages that anybody can use., terms: [pages, zebracrossing]}
scale:
  - {key: not-yet, label: Not there, anchor: Not seen., value: 1}
  - {key: consistent, label: There, anchor: Seen., value: 2, bar: true}
  - {key: not-observed, label: No occasion, anchor: No occasion.}
levels:
  - {key: engineer, title: Engineer, rung: 1, scope: Own pages.}
  - {key: senior, title: Senior, rung: 2, scope: A product., includes: [engineer]}
  - {key: staff, title: Staff, rung: 3, scope: Many products., includes: [engineer, senior]}
  - {key: fellow, title: Fellow, rung: 4, scope: All products., includes: [staff]}
tracks:
  - {key: web, title: Web, summary: Makes pages.}
  - {key: java, title: Java backend, summary: Serves pages.}
areas:
  - key: pages
    title: Pages
    competencies:
      - key: system-architecture
        title: System architecture
        summary: Divides a page into parts.
        expectations:
          engineer: {summary: Divides a small page., behaviours: [{text: Names parts., cites: ["700 s1"]}]}
          senior: {summary: Divides a product., behaviours: [{text: Names products., cites: ["700 s1"]}]}
          staff: {summary: Divides products., behaviours: [{text: Names product lines., cites: ["700 s1"]}]}
          fellow: {summary: Divides everything., behaviours: [{text: Names everything., cites: ["700 s1"]}]}
      - key: accessibility
        title: Accessibility
        summary: Lets everybody in.
        expectations:
          engineer: {summary: Keeps the rules., behaviours: [{text: Labels fields., cites: ["700 s1"]}]}
          senior: {summary: Tests the rules., behaviours: [{text: Listens to a reader., cites: ["700 s1"]}]}
          staff: {summary: Makes the rules., behaviours: [{text: Writes a guide., cites: ["700 s1"]}]}
          fellow: {summary: Changes the rules., behaviours: [{text: Votes on them., cites: ["700 s1"]}]}
"""


def named(key, title):
    """Return the file of the frontend framework under another key and title."""
    said = FRONTEND.replace("key: frontend-engineering", f"key: {key}", 1)
    return said.replace("title: Frontend engineering", f"title: {title}", 1)


def publish(text, *, by):
    """Load a framework file, publish what it says, and return the edition."""
    from competencies.framework.loading import load
    from competencies.framework.models import Edition

    draft = load(text.encode(), file="framework.yaml", by=None)
    draft.publish(by=by)
    return Edition.objects.with_standing().get(pk=draft.pk)


def place(person, edition, track, level, *, on, by):
    """Put somebody on a track and level of an edition by their keys."""
    person.place(
        track=edition.track_set.get(key=track), level=edition.level_set.get(key=level), starts_on=on, by=by
    )


def hold(name, person, edition, *, by, weeks_ago, aim=None, rated="consistent"):
    """Hold a revealed review of somebody on `edition`, every rating being `rated`, and return it."""
    from datetime import timedelta

    from competencies.core.clock import now, standing_at
    from competencies.reviews.models import Cycle, Rating
    from competencies.reviews.opening import open_cycle

    with standing_at(now() - timedelta(weeks=weeks_ago)):
        cycle = Cycle.prepare(
            by=by,
            name=name,
            editions=[edition],
            everyone=False,
            people=[person],
            self_due_at=now() + timedelta(weeks=1),
            manager_due_at=now() + timedelta(weeks=2),
        )
        open_cycle(cycle, by=by)
        review = cycle.reviews.get()
        if aim:
            review.aim(edition.level_set.get(key=aim), by=review.manager)
        for assessment in review.assessments.all():
            point = edition.scale.points.get(key=rated)
            Rating.objects.bulk_create(
                Rating(assessment=assessment, competency=competency, point=point)
                for competency in edition.competency_set.all()
            )
            assessment.submit(by=assessment.author)
    review.refresh_from_db()
    return review
