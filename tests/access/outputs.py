"""How far each field that the API answers with reaches: classes of `fields.py`; `parts` are answers too."""

OUTPUTS = {
    "assessments.AssessmentDetailSerializer": {
        "key": "id review kind state round due_at started_at submitted_at may_write edition",
        "S3": "unrated",
        "parts": "subject author yardstick ratings",
    },
    "assessments.AssessmentSerializer": {
        "key": "id review kind state round due_at started_at submitted_at may_write",
        "parts": "subject author",
    },
    "assessments.PieceSerializer": {"key": "id", "S2": "title happened_on"},
    "assessments.PointSerializer": {"S1": "key label value"},
    "assessments.RatingSerializer": {"key": "version", "S3": "comment", "parts": "competency point evidence"},
    "assessments.SubmissionSerializer": {"key": "assessment round at revealed"},
    "cases.CaseDetailSerializer": {
        "key": "id state opened_at proposed_at",
        "S3": "wanted_from",
        "parts": (
            "subject sponsor presenter track from_level to_level cycle decision statements claims stories "
            "evidence endorsements"
        ),
    },
    "cases.CaseSerializer": {
        "key": "id state opened_at proposed_at",
        "S3": "wanted_from",
        "parts": "subject sponsor presenter track from_level to_level cycle",
    },
    "cases.ClaimSerializer": {"key": "id version", "S3": "text result", "parts": "competency"},
    "cases.DecisionSerializer": {"key": "at", "S3": "outcome feedback look_again_on"},
    "cases.EndorsementSerializer": {"key": "id state at", "S3": "name relation outside text"},
    "cases.ReadinessSerializer": {
        "S3": "standing sustained",
        "parts": "competency by readings evidence spread",
    },
    "cases.ReadingSerializer": {"key": "review yardstick", "S3": "counts met", "parts": "self manager"},
    "cases.StatementSerializer": {"key": "kind version", "S3": "text"},
    "cases.StorySerializer": {
        "key": "id version",
        "S3": "title context problem scope own_role decisions result",
        "parts": "competencies evidence",
    },
    "competencies.BehaviourSerializer": {"S1": "id text track inferred citations"},
    "competencies.CitationSerializer": {"S1": "source reference gist"},
    "competencies.CompetencyDetailSerializer": {
        "S1": "id edition area key title summary evidence expectations"
    },
    "competencies.CompetencySerializer": {"S1": "id edition area key title summary"},
    "competencies.ExpectationSerializer": {"S1": "level summary pitfall behaviours"},
    "cycles.CycleSerializer": {
        "key": "id edition editions self_due_at manager_due_at blind state opened_at closed_at",
        "S2": "name",
    },
    "editions.AreaSerializer": {"S1": "id key title purpose competencies"},
    "editions.EditionDetailSerializer": {
        "S1": "id framework title number summary digest state in_force published_at levels tracks areas scale"
    },
    "editions.EditionSerializer": {
        "S1": "id framework title number summary digest state in_force published_at"
    },
    "editions.LevelSerializer": {"S1": "id key title rung scope summary includes"},
    "editions.ScalePointSerializer": {"S1": "key label anchor value bar"},
    "editions.TrackSerializer": {"S1": "id key title summary suits hiring"},
    "evidence.EvidenceSerializer": {
        "key": "id recorded_at version",
        "S2": "happened_on kind title text link",
        "parts": "person author competencies",
    },
    "jobs.JobSerializer": {
        "key": "id kind state attempts at wanted_until begun_at ended_at",
        "S3": "reason",
        "parts": "of",
    },
    "jobs.SubjectSerializer": {"key": "url", "S2": "title"},
    "letters.LetterSerializer": {"key": "id kind at state sent_at failure", "parts": "to by"},
    "packets.DocumentSerializer": {"key": "sha256 pages size at"},
    "packets.PacketDetailSerializer": {
        "key": "id case number variant at state",
        "digest": "digest",
        "S3": "content",
        "parts": "by document",
    },
    "packets.PacketSerializer": {
        "key": "id case number variant at state",
        "digest": "digest",
        "parts": "by document",
    },
    "people.MeSerializer": {
        "key": "id",
        "S1": "organisation_time_zone",
        "S2": "name email pronouns title team active roles",
        "S4": "time_zone",
        "parts": "manager placement",
    },
    "people.PersonSerializer": {
        "key": "id",
        "S2": "name email pronouns title team active",
        "parts": "manager placement",
    },
    "people.PlacementSerializer": {"S2": "framework starts_on", "parts": "track level"},
    "reviews.AnswerSerializer": {"S3": "comment", "parts": "point"},
    "reviews.ComparedSerializer": {
        "S3": "gap",
        "parts": "competency self manager earlier_self earlier_manager evidence spread",
    },
    "reviews.ComparisonSerializer": {"key": "review earlier elsewhere", "parts": "rows"},
    "reviews.CycleNameSerializer": {"key": "id", "S2": "name"},
    "reviews.ReviewSerializer": {
        "key": "id edition state revealed_at",
        "parts": "cycle subject manager track yardstick standing assessments",
    },
    "reviews.SideSerializer": {"key": "id kind"},
    "reviews.SpreadSerializer": {"S3": "count months all_recent"},
    "shapes.NamedSerializer": {"S1": "id key title"},
    "shapes.SomebodySerializer": {"key": "id", "S2": "name"},
    "skills.RequirementSerializer": {"S1": "track strength choice note"},
    "skills.SkillSerializer": {"S1": "id edition key title group competency requirements"},
    "sources.PassageSerializer": {"S1": "number reference gist terms text"},
    "sources.SourceDetailSerializer": {"S1": "id key revision title role passages"},
    "sources.SourceSerializer": {"S1": "id key revision title role"},
    "tokens.IssuedTokenSerializer": {
        "key": "id scope created_at expires_at revoked_at",
        "S4": "label hint key",
    },
    "tokens.TokenSerializer": {"key": "id scope created_at expires_at revoked_at", "S4": "label hint"},
    "trail.EntrySerializer": {
        "key": "id at action model pk",
        "digest": "number salt previous digest",
        "S3": "details",
        "parts": "actor about",
    },
}
