"""How far each field of the domain reaches: a field without a class fails.

S1    everybody who signs in: the ladder, and what the company says of itself
S2    about somebody, for them and those who answer for them
S3    drafts, ratings, cases: by the state of the row
S4    one person's own, always
edition  S1 once the edition is published, its authors' before
digest  content as well: whoever is shown one, or bits or a number beside it, can be sure of a guess
key   no content: keys, states, kinds, counts, instants, and which row belongs to which; and the digests of
      what is public or that hold a secret: of editions, documents, keys and links
"""

from django.apps import apps

CLASSES = {
    "S1": """
        sources.Source.title sources.Source.role sources.Passage.gist sources.Passage.terms
        sources.Passage.text people.Organisation.name people.Organisation.second_factor_for
        people.Organisation.time_zone
        promotions.Policy.together promotions.Policy.seats promotions.Policy.endorsements_needed
        promotions.Policy.quorum promotions.Policy.second_ballot promotions.Policy.appeal_days
        promotions.Policy.masked
    """,
    "edition": """
        framework.Edition.summary framework.Level.title framework.Level.scope framework.Level.summary
        framework.Level.facets framework.Track.title framework.Track.summary framework.Track.suits
        framework.Track.hiring framework.Area.title framework.Area.purpose framework.Competency.title
        framework.Competency.summary framework.Competency.evidence framework.Expectation.summary
        framework.Expectation.pitfall framework.Behaviour.text framework.Skill.title framework.Skill.group
        framework.Requirement.note framework.ScalePoint.label framework.ScalePoint.anchor
        framework.Framework.title
    """,
    "S2": """
        people.Person.email people.Person.name people.Person.pronouns people.Person.title
        people.Person.team people.Person.number people.Person.joined_on people.Person.leaves_on
        people.Person.returned_at
        people.ReportingLine.starts_on people.ReportingLine.ends_on people.Placement.starts_on
        people.Placement.ends_on
        people.ManagerPath.depth people.ManagerPath.starts_on people.ManagerPath.until
        people.Word.text people.FormerName.text people.FormerName.kind people.MissingAssignment.starts_on
        people.MissingAssignment.until
        people.MissingAssignment.kind
        people.Placement.reason people.RoleGrant.role
        evidence.Evidence.title evidence.Evidence.text evidence.Evidence.link
        evidence.Evidence.happened_on evidence.Evidence.kind reviews.Cycle.name
        people_import.Import.file people_import.Sheet.headings people_import.Sheet.packed
        people_import.Sheet.content
        people_import.Sheet.about people_import.Finding.name
        people_import.Finding.changes people_import.Finding.reasons people_import.Memory.packed
        people_import.Withdrawal.day
        records.Hold.reason records.Hold.lifted_because records.Leftover.name
    """,
    "S3": """
        reviews.Rating.comment reviews.Submission.snapshot reviews.Reopening.reason
        promotions.PromotionCase.wanted_from promotions.Withdrawal.reason promotions.Decision.rationale
        promotions.Decision.conditions promotions.Decision.per_competency promotions.Decision.effective_on
        promotions.Ballot.vote promotions.Ballot.reason promotions.Ballot.per_competency
        promotions.Recusal.ground promotions.Recusal.reason promotions.Remark.text
        promotions.Unmasking.reason promotions.Appeal.grounds promotions.Committee.name
        promotions.Decision.feedback promotions.Decision.outcome promotions.Decision.look_again_on
        promotions.Statement.text promotions.Claim.text promotions.Claim.result promotions.Story.title
        promotions.Story.context promotions.Story.problem promotions.Story.scope promotions.Story.own_role
        promotions.Story.decisions promotions.Story.result packets.Packet.snapshot
        promotions.EndorsementRequest.name promotions.EndorsementRequest.email
        promotions.EndorsementRequest.relation promotions.EndorsementRequest.outside
        promotions.EndorsementRequest.note promotions.Endorsement.text promotions.EndorsementRefusal.reason
        packets.PacketExport.chosen jobs.Job.failure
    """,
    "digest": """
        trail.Head.sequence trail.Head.digest trail.Entry.previous trail.Entry.digest trail.Entry.salt
        reviews.Submission.digest packets.Packet.digest records.Export.sha256
    """,
    "S4": """
        people.Token.label people.Token.hint people.IdempotencyKey.body notices.Letter.address
        people.Person.time_zone people.Person.browser_time_zone
        promotions.DecisionDraft.outcome promotions.DecisionDraft.rationale
        promotions.DecisionDraft.per_competency promotions.DecisionDraft.conditions
        promotions.DecisionDraft.feedback promotions.DecisionDraft.look_again_on
        promotions.DecisionDraft.effective_on
    """,
    "key": """
        trail.Entry.at trail.Entry.action trail.Entry.public_id
        trail.Entry.row_model trail.Entry.row_pk trail.Entry.data
        sources.Source.key sources.Source.revision sources.Source.digest
        sources.Passage.number framework.Framework.key framework.Edition.number
        framework.Edition.digest framework.Edition.created_at framework.Publication.at
        framework.Retirement.at framework.Level.key framework.Level.rung framework.Level.position
        framework.Level.inferred framework.Track.key framework.Track.position framework.Area.key
        framework.Area.position framework.Competency.key framework.Competency.position
        framework.Behaviour.position framework.Behaviour.inferred framework.Skill.key
        framework.Skill.position framework.Requirement.strength framework.Requirement.choice
        framework.Citation.position framework.ScalePoint.key framework.ScalePoint.value
        framework.ScalePoint.bar framework.ScalePoint.position framework.Framework.namesake
        people.Organisation.demo people.Organisation.zone_since people.Organisation.zone_day
        people.Organisation.personas people.Organisation.setup_digest people.Person.password
        people.Person.last_login people.Person.erased_at people.RoleGrant.at
        evidence.Withdrawal.at people.IdempotencyKey.mark people.IdempotencyKey.content
        people.IdempotencyKey.strict
        people.IdempotencyKey.at people.IdempotencyKey.status people.IdempotencyKey.location
        people.RoleGrant.revoked_at people.Invitation.at people.Invitation.expires_at
        people.Invitation.digest people.Invitation.accepted_at people.Invitation.revoked_at
        people.Token.scope people.Token.digest people.Token.created_at people.Token.expires_at
        people.Token.revoked_at evidence.Evidence.version evidence.Evidence.recorded_at
        reviews.Cycle.version reviews.Cycle.self_due_at reviews.Cycle.manager_due_at
        reviews.Cycle.blind reviews.Cycle.everyone reviews.Cycle.created_at reviews.Opening.at
        reviews.Closing.at reviews.Assessment.kind reviews.Assessment.round
        reviews.Assessment.started_at reviews.Rating.version reviews.Submission.round
        reviews.Submission.at reviews.Reopening.at reviews.Reveal.at
        reviews.Discussion.at reviews.Signoff.at promotions.PromotionCase.opened_at
        promotions.Committee.at promotions.Seat.at promotions.Seat.chair promotions.Seat.ended_at
        promotions.Hearing.stage promotions.Hearing.quorum promotions.Hearing.second_ballot
        promotions.Hearing.appeal_days promotions.Hearing.masked promotions.Hearing.at
        promotions.Member.chair promotions.Member.at promotions.Recusal.at promotions.Ballot.round
        promotions.Ballot.version promotions.Casting.day promotions.Casting.at promotions.Count.round
        promotions.Count.at promotions.Remark.at promotions.Unmasking.at promotions.Release.at
        promotions.Release.appeal_until promotions.Appeal.at
        promotions.Sharing.at promotions.Statement.written_at promotions.Claim.written_at
        promotions.Story.written_at promotions.EndorsementRequest.at promotions.EndorsementRequest.expires_at
        promotions.EndorsementLetter.at promotions.EndorsementLetter.key_digest promotions.Endorsement.at
        promotions.Endorsement.asked_relation promotions.Endorsement.asked_outside
        promotions.EndorsementRefusal.at promotions.EndorsementRecall.at
        promotions.Proposal.at promotions.Withdrawal.at promotions.Decision.at
        promotions.DecisionDraft.version
        promotions.Statement.version promotions.Statement.kind promotions.Claim.version
        promotions.Story.version promotions.Story.position packets.Packet.number
        packets.Packet.variant packets.Packet.at packets.Packet.code packets.Order.at
        packets.Document.file packets.Document.sha256 packets.Document.pages
        packets.Document.size packets.Document.at
        people_import.Import.at people_import.Import.rows people_import.Import.read_as
        people_import.Preview.at
        people_import.Preview.mapping people_import.Preview.counts people_import.Preview.digest
        people_import.Finding.line
        people_import.Finding.kind people_import.Finding.is_unread people_import.Application.at
        people_import.Application.counts people_import.Undoing.at
        people_import.Undoing.taken_out people_import.Run.kind people_import.Run.options
        notices.Letter.kind notices.Letter.row notices.Letter.what notices.Letter.site notices.Letter.at
        notices.Letter.due_at notices.Letter.tries notices.Letter.tried_at notices.Letter.sent_at
        notices.Letter.failed_at notices.Letter.failure notices.Letter.status
        reviews.Tally.reviews reviews.Tally.selves
        reviews.Tally.managers reviews.Tally.both reviews.Tally.revealed reviews.Tally.discussed
        reviews.Tally.signed records.Hold.at records.Hold.lifted_at records.Export.expires_at
        records.Export.file
        records.Export.size records.Receipt.at records.Receipt.counts
        records.Erasure.at records.Leftover.kind records.Leftover.at
        jobs.Job.kind jobs.Job.at jobs.Job.wanted_until jobs.Job.claim jobs.Job.claimed_by jobs.Job.claimed_at
        jobs.Job.lease_until jobs.Job.attempts jobs.Job.ended_at
        jobs.Job.dropped
        packets.PacketExport.at packets.PacketExport.variant packets.PacketExport.left_out
        packets.PacketExport.expires_at packets.ExportPause.at packets.ExportPause.ended_at
        packets.ExportCancellation.at packets.PacketLink.at packets.PacketLink.expires_at
        packets.PacketLink.revoked_at packets.PacketLink.digest
    """,
}
CLASS_OF = {name: kind for kind, names in CLASSES.items() for name in names.split()}
TEXTS = ("CharField", "TextField", "URLField", "EmailField", "SlugField")
NOT_PLANTED = {"people.RoleGrant.role", "evidence.Evidence.kind", "promotions.Decision.outcome"} | {
    "promotions.EndorsementRequest.relation", "promotions.Ballot.vote", "promotions.Recusal.ground",
    "promotions.Ballot.per_competency", "promotions.Decision.per_competency",  # JSON
    "promotions.DecisionDraft.per_competency", "promotions.DecisionDraft.outcome",
    "reviews.Submission.snapshot", "packets.Packet.snapshot", "people.Token.hint",  # made of others
    "records.Leftover.name",  # the name of a file
    "jobs.Job.failure",  # nothing is said where it was made: planted by hand
}  # fmt: skip


def every_field():
    """Return `{"app.Model.field": field}` of the domain, less keys and links between rows."""
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models()
        if model.__module__.startswith("competencies.")
        for field in model._meta.concrete_fields
        if not field.is_relation and not field.primary_key
    }


def _texts(*kinds):
    return {
        name
        for name, field in every_field().items()
        if CLASS_OF.get(name) in kinds and name not in NOT_PLANTED and (field.get_internal_type() in TEXTS)
    }


PLANTED = _texts("S2", "S3", "S4")
EDITION = _texts("edition")
DIGESTS = {name for name, kind in CLASS_OF.items() if kind == "digest"} - {"trail.Head.sequence"}
