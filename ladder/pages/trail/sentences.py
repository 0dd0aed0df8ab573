"""What each entry of the trail says, in a plain sentence, for who it is about and for who searches.

Every action that is recorded anywhere has its sentence here; a test reads the code and holds it to that.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

CHANGED, OPENED, PRINTED, EXPORTED, ACCOUNT = "changed", "opened", "printed", "exported", "account"
KINDS = {
    CHANGED: _("Changed"),
    OPENED: _("Opened"),
    PRINTED: _("Printed"),
    EXPORTED: _("Exported"),
    ACCOUNT: _("Account"),
}
NOUNS = {
    "account": _("Account"),
    "assessment": _("Assessments"),
    "ballot": _("Hearings"),
    "ballots": _("Hearings"),
    "case": _("Promotion cases"),
    "claim": _("Promotion cases"),
    "committee": _("Committees"),
    "copy": _("Packets"),
    "cycle": _("Cycles"),
    "decision": _("Hearings"),
    "draft": _("Draft packets"),
    "edition": _("Career frameworks"),
    "endorsement": _("Promotion cases"),
    "evidence": _("Evidence"),
    "export": _("Exports of packets"),
    "framework": _("Career frameworks"),
    "hearing": _("Hearings"),
    "hold": _("Full records"),
    "import": _("Imports"),
    "invitation": _("People"),
    "letter": _("Emails"),
    "member": _("Hearings"),
    "organisation": _("Organisation"),
    "packet": _("Packets"),
    "person": _("People"),
    "policy": _("Organisation"),
    "rating": _("Assessments"),
    "record": _("Full records"),
    "remark": _("Hearings"),
    "review": _("Reviews"),
    "role": _("Roles"),
    "statement": _("Promotion cases"),
    "story": _("Promotion cases"),
    "token": _("API tokens"),
    "trail": _("Audit log"),
}
SENTENCES = {
    ACCOUNT: {
        "account.connected": _("%(who)s connected single sign-on"),
        "account.disconnected": _("%(who)s disconnected single sign-on"),
        "account.password_changed": _("%(who)s changed the password"),
        "account.password_reset": _("%(who)s reset the password by email"),
        "account.tokens_ended": _("%(who)s set a new password, which ended all API tokens"),
        "account.recovery_codes_made": _("%(who)s created new recovery codes"),
        "account.second_factor_added": _("%(who)s added a two-factor method"),
        "account.second_factor_removed": _("%(who)s removed a two-factor method"),
        "account.second_factor_reset": _("%(who)s reset two-factor authentication"),
        "account.sessions_ended": _("%(who)s ended other sessions"),
        "account.sign_in_failed": _("Someone tried to sign in and failed"),
        "account.signed_in": _("%(who)s signed in"),
        "account.signed_out": _("%(who)s signed out"),
        "invitation.accepted": _("%(who)s accepted an invitation"),
        "invitation.unsent": _("An invitation was revoked because its email could not be sent"),
        "invitation.revoked": _("%(who)s revoked an invitation"),
        "person.invited": _("%(who)s sent an invitation"),
        "token.issued": _("%(who)s created an API token"),
        "token.revoked": _("%(who)s revoked an API token"),
    },
    OPENED: {
        "assessment.read": _("%(who)s opened an assessment"),
        "ballot.read": _("%(who)s read an opened ballot"),
        "case.read": _("%(who)s opened a promotion case"),
        "copy.read": _("%(who)s opened the packet of a hearing"),
        "decision.read": _("%(who)s read a decision"),
        "evidence.listed": _("%(who)s opened the list of evidence"),
        "evidence.read": _("%(who)s opened a piece of evidence"),
        "hearing.read": _("%(who)s opened a hearing"),
        "packet.read": _("%(who)s opened a packet"),
        "record.read": _("%(who)s opened the full record"),
        "review.read": _("%(who)s opened the comparison of a review"),
    },
    PRINTED: {
        "draft.failed": _("The PDF of a draft packet could not be created"),
        "draft.frozen": _("%(who)s finalised a draft packet"),
        "draft.ordered": _("%(who)s requested the PDF of a draft packet"),
        "draft.typeset": _("%(who)s created the PDF of a draft packet"),
        "packet.failed": _("The PDF of a packet could not be created"),
        "packet.frozen": _("%(who)s finalised the packet of a promotion case"),
        "packet.ordered": _("%(who)s requested the PDF of a packet"),
        "packet.typeset": _("%(who)s created the PDF of a packet"),
    },
    EXPORTED: {
        "copy.downloaded": _("%(who)s downloaded the packet of a hearing"),
        "draft.downloaded": _("%(who)s downloaded a draft packet"),
        "export.cancelled": _("%(who)s cancelled an export of packets"),
        "export.downloaded": _("%(who)s downloaded an export of packets"),
        "export.ordered": _("%(who)s requested an export of packets"),
        "export.paused": _("%(who)s paused an export of packets"),
        "export.resumed": _("%(who)s resumed an export of packets"),
        "export.retried": _("%(who)s retried the failed packets of an export"),
        "import.downloaded": _("%(who)s downloaded an import of people"),
        "packet.downloaded": _("%(who)s downloaded a packet"),
        "packet.exported": _("%(who)s downloaded a packet as part of an export"),
        "packet.link_made": _("%(who)s created a link to a packet for someone"),
        "packet.link_revoked": _("%(who)s revoked a link to a packet"),
        "record.downloaded": _("%(who)s downloaded a copy of the full record"),
        "record.export_built": _("%(who)s got a new copy of the full record"),
        "record.export_failed": _("A copy of the full record could not be created"),
        "record.exported": _("%(who)s requested a copy of the full record"),
        "review.exported": _("%(who)s downloaded the manager’s ratings of a review"),
        "trail.exported": _("%(who)s exported audit log entries"),
    },
    CHANGED: {
        "assessment.reopened": _("%(who)s returned an assessment to its author"),
        "assessment.submitted": _("%(who)s submitted an assessment"),
        "ballot.cast": _("%(who)s cast a ballot"),
        "ballot.written": _("%(who)s edited a ballot"),
        "ballots.opened": _("%(who)s voted last, which opened the ballots of a hearing"),
        "case.appealed": _("%(who)s appealed against a decision"),
        "case.decided": _("%(who)s released the decision of a promotion case"),
        "case.described": _("%(who)s changed the presenter, cycle or date of a promotion case"),
        "case.dropped": _("%(who)s discarded the draft of a promotion case"),
        "case.evidence_chosen": _("%(who)s chose the evidence for a promotion case"),
        "case.opened": _("%(who)s started a promotion case"),
        "case.proposed": _("%(who)s proposed a promotion"),
        "case.shared": _("%(who)s shared the draft of a promotion case with the candidate"),
        "case.stories_arranged": _("%(who)s reordered the stories of a promotion case"),
        "case.unshared": _("%(who)s stopped sharing the draft of a promotion case with the candidate"),
        "case.withdrawn": _("%(who)s withdrew a promotion case"),
        "claim.added": _("%(who)s added a claim to a promotion case"),
        "claim.removed": _("%(who)s removed a claim from a promotion case"),
        "claim.rewritten": _("%(who)s edited a claim in a promotion case"),
        "committee.founded": _("%(who)s created a committee"),
        "committee.renamed": _("%(who)s renamed a committee"),
        "committee.seated": _("%(who)s added a committee member or changed the chair"),
        "committee.unseated": _("%(who)s removed a committee member"),
        "cycle.changed": _("%(who)s changed a review cycle"),
        "cycle.closed": _("%(who)s closed a review cycle"),
        "cycle.opened": _("%(who)s opened a review cycle for everyone in it"),
        "cycle.prepared": _("%(who)s created a review cycle"),
        "decision.drafted": _("%(who)s edited the draft of a decision"),
        "decision.made": _("%(who)s recorded the decision of a hearing"),
        "draft.redacted": _("%(who)s removed a name from a draft packet"),
        "edition.loaded": _("%(who)s imported an edition of a career framework"),
        "edition.published": _("%(who)s published an edition of a career framework"),
        "edition.retired": _("%(who)s retired an edition of a career framework"),
        "endorsement.asked": _("%(who)s requested an endorsement"),
        "endorsement.declined": _("Someone declined to give an endorsement"),
        "endorsement.given": _("An endorsement was received"),
        "endorsement.recalled": _("%(who)s withdrew a request for an endorsement"),
        "endorsement.requested": _("%(who)s emailed a request for an endorsement"),
        "evidence.logged": _("%(who)s added a piece of evidence"),
        "evidence.rewritten": _("%(who)s edited a piece of evidence"),
        "evidence.withdrawn": _("%(who)s withdrew a piece of evidence"),
        "framework.renamed": _("%(who)s renamed a career framework"),
        "hearing.called": _("%(who)s convened another member for a hearing"),
        "hearing.convened": _("%(who)s submitted a promotion case to a committee"),
        "hearing.unmasked": _("%(who)s asked for the candidate’s name in an anonymised case"),
        "hold.lifted": _("%(who)s lifted a legal hold"),
        "hold.placed": _("%(who)s placed a legal hold"),
        "import.applied": _("%(who)s applied an import of people"),
        "import.dropped": _("%(who)s discarded an import of people"),
        "import.reread": _("%(who)s changed how the file of an import is read"),
        "import.undone": _("%(who)s undid an import of people"),
        "import.uploaded": _("%(who)s uploaded an import of people"),
        "letter.undelivered": _("%(who)s requested an email that was not delivered"),
        "member.recused": _("A member was recused from a promotion case"),
        "organisation.founded": _("%(who)s set up the company"),
        "organisation.renamed": _("%(who)s renamed the company"),
        "organisation.second_factor_required": _("%(who)s changed who needs two-factor authentication"),
        "organisation.time_zone_changed": _("%(who)s changed the organisation’s time zone"),
        "assessment.redacted": _("%(who)s removed a name from a submitted assessment"),
        "ballot.redacted": _("%(who)s removed a name from a ballot"),
        "decision.redacted": _("%(who)s removed a name from a decision"),
        "endorsement.redacted": _("%(who)s removed a name from an endorsement"),
        "packet.redacted": _("%(who)s removed a name from a packet"),
        "person.described": _("%(who)s changed personal details, such as name, email or team"),
        "person.erased": _("%(who)s erased the record of a person"),
        "person.left": _("%(who)s recorded the leaving date"),
        "person.move_called_off": _("%(who)s cancelled a planned change of manager"),
        "person.moved": _("%(who)s changed the manager"),
        "person.placed": _("%(who)s changed the level"),
        "person.placing_called_off": _("%(who)s cancelled a planned change of level"),
        "person.rejoined": _("%(who)s removed the leaving date"),
        "person.restored": _("%(who)s undid what an import had changed"),
        "person.time_zone_chosen": _("%(who)s chose the time zone they see times in"),
        "person.welcomed": _("%(who)s added a person"),
        "policy.changed": _("%(who)s changed the promotion policy"),
        "rating.saved": _("%(who)s saved a rating"),
        "remark.made": _("%(who)s added a note to a hearing"),
        "review.aimed": _("%(who)s chose the target level of a review"),
        "review.discussed": _("%(who)s marked a review as discussed"),
        "review.handed_over": _("%(who)s reassigned a review to another manager"),
        "review.opened": _("%(who)s opened a review"),
        "review.revealed": _("%(who)s submitted last, which shared a review between self and manager"),
        "review.signed": _("%(who)s signed off a review"),
        "role.granted": _("%(who)s granted a role"),
        "role.revoked": _("%(who)s revoked a role"),
        "statement.written": _("%(who)s wrote a statement of a promotion case"),
        "story.added": _("%(who)s added a story to a promotion case"),
        "story.removed": _("%(who)s removed a story from a promotion case"),
        "story.rewritten": _("%(who)s edited a story in a promotion case"),
        "trail.verified": _("%(who)s verified the audit log"),
    },
}
WORDS = {action: words for sentences in SENTENCES.values() for action, words in sentences.items()}


@dataclass(frozen=True)
class DescribedEntry:
    """An entry with its sentence, what the reader is shown of its details, and what the entry is of:
    `{label, url}`, where the reader may open it.
    """

    entry: object
    words: str
    kind: str
    details: dict
    what: dict | None = None


def kind_of(action):
    """Return the kind of an action; one without a sentence changed something."""
    return next((kind for kind, sentences in SENTENCES.items() if action in sentences), CHANGED)


def actions_of(kind):
    """Return the actions of a kind, in order."""
    return sorted(SENTENCES[kind])


def by_noun():
    """Return the actions to choose from, under what they are about: `[(noun, [(action, words)])]`."""
    return _by_noun(get_language())


@lru_cache(maxsize=8)
def _by_noun(_language):
    grouped: dict[str, list[tuple[str, str]]] = {}
    for action, words in sorted(WORDS.items()):
        noun = NOUNS.get(action.partition(".")[0], action)
        grouped.setdefault(str(noun), []).append((action, words % {"who": "…"}))
    return sorted(grouped.items())


def describe(entries, reader, *, whole=False):
    """Return a `DescribedEntry` for each of `entries`; with `whole`, of the auditor, digests and all."""
    return [
        DescribedEntry(entry, sentence(entry, reader), kind_of(entry.action), entry.details_for(whole=whole))
        for entry in entries
    ]


def sentence(entry, reader):
    """Return what was done and by whom, in words for `reader`; an action without a sentence by its name."""
    words = WORDS.get(entry.action, "%(who)s: " + entry.action)
    return words % {"who": _doer(entry, reader)}


def _doer(entry, reader):
    if entry.actor_id is None:
        return _now("The server")
    return _now("You") if entry.actor_id == reader.pk else entry.actor.name
