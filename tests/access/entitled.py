"""Who may know what: said of fields and states, without asking any rule.

What is asked here are facts alone: who stands above whom today, who wrote a row, what happened to it.
"""

from functools import cache

from django.db.models import Q

from competencies.core.clock import today
from competencies.people.models import ReportingLine
from competencies.promotions.models import Member, PromotionCase
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
        # Most canaries come back to the same few rows, each of which takes several queries to judge.
        self._case, self._readers, self._room = map(cache, (self._case, self._readers, self._room))

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
        """The name wherever somebody is mentioned; title and team in the chart; the email on the trail; and
        what a packet says of its candidate for who presents the case.
        """
        more = {"name": self.everybody, "title": self.around(row.pk), "email": AUDITORS}
        more["pronouns"] = self.presenting(row.pk)
        more["team"] = more["title"] | more["pronouns"]
        return self.concerned(row.pk) | more.get(field, set())

    def presenting(self, pk):
        """Who presents a proposed case of a person."""
        cases = PromotionCase.objects.filter(subject=pk, proposal__isnull=False).exclude(presenter=None)
        return {self.name(presenter) for presenter in cases.values_list("presenter", flat=True)}

    def people_import_import(self, row, field):
        """HR; and the auditor the names of those whom it took in."""
        return HR | AUDITORS if field == "name" else HR

    people_import_finding = people_import_import

    def records_hold(self, row, field):
        return HR - {self.name(row.person_id)}

    def people_placement(self, row, field):
        return self.concerned(row.person_id)

    def people_token(self, row, field):
        """Its owner; and HR what it is for, in a copy of the whole record."""
        return {self.name(row.person_id)} | HR

    def evidence_evidence(self, row, field):
        """Those concerned, and who reads a case that shows it or tells of it."""
        cases = PromotionCase.objects.filter(Q(exhibits__evidence=row) | Q(stories__evidence=row)).distinct()
        return self.concerned(row.person_id).union(*(self._case(case) for case in cases))

    def reviews_cycle(self, row, field):
        """HR, and those whom it concerns once its reviews are there; while it is not over, whoever has
        reports, and those who read a case that aims at it or that is of somebody reviewed in it.
        """
        subjects = Review.objects.filter(cycle=row).values_list("subject", flat=True)
        readers = [self.concerned(pk) for pk in subjects]
        cases = PromotionCase.objects.filter(Q(cycle=row) | Q(subject__in=subjects))
        readers += [self._case(case) for case in cases]
        if not hasattr(row, "closing"):
            readers.append({self.name(manager) for manager in self.manager.values()})
        return HR.union(*readers)

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
        """Who may read a case: its sponsor while they manage the person, and the person when they write
        along; once proposed, all concerned and who presents it.
        """
        writers = {self.name(case.sponsor_id)} if self.manages(case.sponsor_id, case.subject_id) else set()
        if hasattr(case, "sharing"):
            writers |= {self.name(case.subject_id)}
        if not hasattr(case, "proposal"):
            return writers
        return writers | self.concerned(case.subject_id) | {self.name(case.presenter_id)}

    def promotions_claim(self, row, field):
        return self._case(row.case)

    promotions_story = promotions_withdrawal = promotions_claim

    def promotions_statement(self, row, field):
        """The manager's is not for the candidate before the case is proposed."""
        early = row.kind == "manager" and not hasattr(row.case, "proposal")
        return self._case(row.case) - ({self.name(row.case.subject_id)} if early else set())

    def promotions_endorsementrequest(self, row, field):
        """Who reads the case, but the candidate only when they write along or once it is decided; and who
        is asked what the letter says.
        """
        case = row.case
        told = hasattr(case, "sharing") or case.decision
        asked = {self.name(row.person_id)} if row.person_id else set()
        return (self._case(case) - (set() if told else {self.name(case.subject_id)})) | asked

    def promotions_endorsement(self, row, field):
        """Who reads the case, the candidate once it is decided."""
        case = row.request.case
        return self._case(case) - (set() if case.decision else {self.name(case.subject_id)})

    promotions_endorsementrefusal = promotions_endorsement

    def promotions_committee(self, row, field):
        """HR, who has a seat, and whoever was called to answer a case by it."""
        called = Member.objects.filter(hearing__committee=row).values_list("person", flat=True)
        return HR | {self.name(pk) for pk in [*row.seats.values_list("person", flat=True), *called]}

    def _room(self, hearing):
        """Who answers a case, and HR: all but those who were recused or have a part in it."""
        called = {self.name(pk) for pk in hearing.members.values_list("person", flat=True)}
        recused = {self.name(pk) for pk in hearing.recusals.values_list("person", flat=True)}
        return (called | HR) - recused - self._part(hearing.case)

    def _part(self, case):
        """Who has a part in a case: the candidate and their line, who brings it, and who endorses."""
        below = {name for name in self.everybody if self.name(case.subject_id) in self.above_name(name)}
        part = {self.name(pk) for pk in (case.subject_id, case.sponsor_id, case.presenter_id)}
        endorsers = case.endorsement_requests.exclude(person=None).values_list("person", flat=True)
        return part | self.above(case.subject_id) | below | {self.name(pk) for pk in endorsers}

    def above_name(self, name):
        return self.above(self.scene.people[name].pk) if name in self.scene.people else set()

    def promotions_ballot(self, row, field):
        """Whoever wrote it; the room once the ballots of its round are open, those of it that were cast."""
        room = self._room(row.hearing)
        if hasattr(row, "casting") and row.hearing.counts.filter(round=row.round).exists():
            return room
        return {self.name(row.person_id)} & room

    def promotions_recusal(self, row, field):
        return self._room(row.hearing) & HR

    def promotions_unmasking(self, row, field):
        """As of a recusal, and who gave it: their own page tells them that it is on record."""
        return self.promotions_recusal(row, field) | {self.name(row.person_id)}

    def promotions_remark(self, row, field):
        return self._room(row.hearing)

    def promotions_decisiondraft(self, row, field):
        """Whoever wrote it, and nobody else."""
        return {self.name(row.person_id)}

    def promotions_decision(self, row, field):
        """The room; from the release on those who read the case, the candidate not the reasons."""
        readers, case = self._room(row.hearing), row.hearing.case
        if not hasattr(row, "release"):
            return readers
        told = self._case(case) - ({self.name(case.subject_id)} if field == "rationale" else set())
        return readers | told

    def promotions_appeal(self, row, field):
        return self._case(row.case)

    def trail_entry(self, row, field):
        """How the trail is chained is the auditor's, who reads all of it."""
        return AUDITORS

    trail_head = reviews_submission = trail_entry

    def records_export(self, row, field):
        return AUDITORS | {self.name(row.by_id)}

    def packets_packet(self, row, field):
        """Who reads the packet whole: the digest of what is in it tells them nothing more."""
        case, subject = row.case, self.name(row.case.subject_id)
        proposal = getattr(case, "proposal", None)
        if proposal is None or row.at < proposal.at:
            return AUDITORS | ({self.name(case.sponsor_id)} & self._case(case))
        if row.variant == "archive":
            return AUDITORS | HR - self._part(case)
        room = self._room(row.hearing) if row.hearing else set()
        readers = AUDITORS | HR | self._case(case) | room
        return readers if row.variant == "candidate" else readers - {subject}

    def jobs_job(self, row, field):
        """Who ordered it, of exports and imports while of HR; of a document whoever may read its packet."""
        cases = [order.packet.case for order in row.orders.all()]
        readers = set().union(*(self._case(case) - {self.name(case.subject_id)} for case in cases))
        orderer = {self.name(row.by_id)}
        return readers | (orderer & HR if row.kind == "packet_export" else orderer)

    def _draft_edition(self, row, field):
        return AUTHORS

    framework_edition = framework_level = framework_track = framework_area = _draft_edition
    framework_competency = framework_expectation = framework_behaviour = framework_skill = _draft_edition
    framework_requirement = framework_scalepoint = framework_framework = _draft_edition
