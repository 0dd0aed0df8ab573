"""Who may know what: said of fields and states, without asking any rule.

What is asked here are facts alone: who stands above whom today, who wrote a row, what happened to it.
"""

from competencies.access.clock import today
from competencies.people.models import ReportingLine
from competencies.reviews.models import Assessment, Review

HR, AUTHORS, AUDITORS = {"hana", "hugo"}, {"aude"}, {"otto"}


class Entitled:
    """The answer for each canary: names of people, worked out once."""

    def __init__(self, scene):
        self.scene = scene
        self.names = {person.pk: name for name, person in scene.people.items()}
        lines = ReportingLine.objects.filter(starts_on__lte=today()).exclude(ends_on__lte=today())
        self.manager = {line.person_id: line.manager_id for line in lines}
        self.everybody = set(self.names.values())
        self.known = {}

    def may_know(self, canary, person):
        """Say whether the person of that name may know what the canary stands for."""
        if canary not in self.known:
            answer = getattr(self, canary.row._meta.label.replace(".", "_").lower())
            self.known[canary] = answer(canary.row, canary.field)
        return person in self.known[canary]

    def name(self, pk):
        return self.names.get(pk, str(pk))

    def above(self, pk):
        """Everyone above a person today, at any height."""
        found = set()
        while (pk := self.manager.get(pk)) is not None:
            found.add(self.name(pk))
        return found

    def around(self, pk):
        """Those below a person, and those who report to the same manager: their part of the chart."""
        below = {self.name(other) for other in self.names if self.name(pk) in self.above(other)}
        manager = self.manager.get(pk)
        beside = {self.name(other) for other, over in self.manager.items() if manager and over == manager}
        return below | beside

    def manages(self, pk, subject):
        return self.manager.get(subject) == pk

    def concerned(self, pk):
        """A person, those above them, and HR: who may know about somebody."""
        return {self.name(pk)} | self.above(pk) | HR

    # one method for each model that holds canaries

    def people_person(self, row, field):
        """The name wherever somebody is mentioned; title and team in the chart; the email on the trail."""
        more = {"name": self.everybody, "title": self.around(row.pk), "email": AUDITORS}
        more["team"] = more["title"]
        return self.concerned(row.pk) | more.get(field, set())

    def people_import(self, row, field):
        """HR; and the auditor the names of those whom it took in."""
        return HR | AUDITORS if field == "name" else HR

    people_finding = people_import

    def records_hold(self, row, field):
        return HR - {self.name(row.person_id)}

    def people_placement(self, row, field):
        return self.concerned(row.person_id)

    def people_token(self, row, field):
        """Its owner; and HR what it is for, in a copy of the whole record."""
        return {self.name(row.person_id)} | HR

    def evidence_evidence(self, row, field):
        return self.concerned(row.person_id)

    def reviews_cycle(self, row, field):
        """HR, and those whom it concerns once its reviews are there."""
        subjects = Review.objects.filter(cycle=row).values_list("subject", flat=True)
        return HR.union(*(self.concerned(pk) for pk in subjects))

    def reviews_rating(self, row, field):
        return self._readers(Assessment.objects.get(pk=row.assessment_id))

    def reviews_reopening(self, row, field):
        assessment = row.submission.assessment
        return {self.name(assessment.author_id)} | HR

    def _readers(self, assessment):
        """Who may read an assessment: by whose it is, whether it is in, and whether both are."""
        review = assessment.review
        author, subject = assessment.author_id, review.subject_id
        own = {self.name(author)} if author == subject or self.manages(author, subject) else set()
        if not assessment.submissions.filter(round=assessment.round).exists():
            return own
        over = self.above(subject) | HR
        if hasattr(review, "reveal") or not review.cycle.blind:
            return own | over | {self.name(subject)}
        sides = {self.name(subject), self.name(review.manager_id), self.name(self.manager.get(subject))}
        return own | (over - sides)

    def _case(self, case):
        """Who may read a case: its sponsor while they manage the person; once proposed, all concerned."""
        sponsor = {self.name(case.sponsor_id)} if self.manages(case.sponsor_id, case.subject_id) else set()
        return sponsor | self.concerned(case.subject_id) if hasattr(case, "proposal") else sponsor

    def promotions_statement(self, row, field):
        return self._case(row.case)

    promotions_claim = promotions_story = promotions_withdrawal = promotions_statement

    def promotions_decision(self, row, field):
        readers = self._case(row.case)
        return readers - {self.name(row.case.subject_id)} if field == "rationale" else readers

    def packets_mishap(self, row, field):
        return self._case(row.packet.case) - {self.name(row.packet.case.subject_id)}

    def _draft_edition(self, row, field):
        return AUTHORS

    framework_edition = framework_level = framework_track = framework_area = _draft_edition
    framework_competency = framework_expectation = framework_behaviour = framework_skill = _draft_edition
    framework_requirement = framework_scalepoint = framework_framework = _draft_edition
