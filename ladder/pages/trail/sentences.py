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
    "draft": _("Packets of drafts"),
    "edition": _("The ladder"),
    "endorsement": _("Promotion cases"),
    "evidence": _("Evidence"),
    "export": _("Exports of packets"),
    "framework": _("The ladder"),
    "hearing": _("Hearings"),
    "hold": _("Whole records"),
    "import": _("Imports"),
    "invitation": _("People"),
    "letter": _("Letters"),
    "member": _("Hearings"),
    "organisation": _("Organisation"),
    "packet": _("Packets"),
    "person": _("People"),
    "policy": _("Organisation"),
    "rating": _("Assessments"),
    "record": _("Whole records"),
    "remark": _("Hearings"),
    "review": _("Reviews"),
    "role": _("Roles"),
    "statement": _("Promotion cases"),
    "story": _("Promotion cases"),
    "token": _("Tokens"),
    "trail": _("The trail"),
}
SENTENCES = {
    ACCOUNT: {
        "account.connected": _("%(who)s connected a sign-in of the company"),
        "account.disconnected": _("%(who)s disconnected a sign-in of the company"),
        "account.password_changed": _("%(who)s changed the password"),
        "account.password_reset": _("%(who)s set a new password by mail"),
        "account.tokens_ended": _("The API tokens of %(who)s ended with a new password"),
        "account.recovery_codes_made": _("%(who)s made new recovery codes"),
        "account.second_factor_added": _("%(who)s added a second factor"),
        "account.second_factor_removed": _("%(who)s removed a second factor"),
        "account.second_factor_reset": _("%(who)s reset the second factor"),
        "account.sessions_ended": _("%(who)s ended other sessions"),
        "account.sign_in_failed": _("Somebody tried to sign in, and failed"),
        "account.signed_in": _("%(who)s signed in"),
        "account.signed_out": _("%(who)s signed out"),
        "invitation.accepted": _("%(who)s accepted an invitation"),
        "invitation.unsent": _("An invitation that no mail server took was taken back"),
        "invitation.revoked": _("%(who)s took an invitation back"),
        "person.invited": _("%(who)s sent an invitation"),
        "token.issued": _("%(who)s made a token for the API"),
        "token.revoked": _("%(who)s revoked a token for the API"),
    },
    OPENED: {
        "assessment.read": _("%(who)s opened an assessment"),
        "ballot.read": _("%(who)s read a ballot that was opened"),
        "case.read": _("%(who)s opened a promotion case"),
        "copy.read": _("%(who)s opened the packet of a hearing"),
        "decision.read": _("%(who)s read a decision"),
        "evidence.listed": _("%(who)s opened the list of evidence"),
        "evidence.read": _("%(who)s opened a piece of evidence"),
        "hearing.read": _("%(who)s opened a hearing"),
        "packet.read": _("%(who)s opened a packet"),
        "record.read": _("%(who)s opened the whole record"),
        "review.read": _("%(who)s opened the comparison of a review"),
    },
    PRINTED: {
        "draft.failed": _("The packet of a draft could not be printed"),
        "draft.frozen": _("%(who)s froze a draft into a packet"),
        "draft.ordered": _("%(who)s ordered the document of a packet of a draft"),
        "draft.typeset": _("%(who)s had the packet of a draft printed"),
        "packet.failed": _("A packet could not be printed"),
        "packet.frozen": _("%(who)s froze a promotion case into a packet"),
        "packet.ordered": _("%(who)s ordered the document of a packet"),
        "packet.typeset": _("%(who)s had a packet printed"),
    },
    EXPORTED: {
        "copy.downloaded": _("%(who)s downloaded the packet of a hearing"),
        "draft.downloaded": _("%(who)s downloaded the packet of a draft"),
        "export.cancelled": _("%(who)s cancelled an export of packets"),
        "export.downloaded": _("%(who)s downloaded an export of packets"),
        "export.ordered": _("%(who)s ordered an export of packets"),
        "export.paused": _("%(who)s paused an export of packets"),
        "export.resumed": _("%(who)s went on with an export of packets"),
        "export.retried": _("%(who)s tried the failed packets of an export again"),
        "import.downloaded": _("%(who)s downloaded an import of people"),
        "packet.downloaded": _("%(who)s downloaded a packet"),
        "packet.exported": _("%(who)s downloaded a packet within an export"),
        "packet.link_made": _("%(who)s made a link to a packet for somebody"),
        "packet.link_revoked": _("%(who)s took back a link to a packet"),
        "record.downloaded": _("%(who)s downloaded a copy of the whole record"),
        "record.export_built": _("A copy of the whole record was made for %(who)s"),
        "record.export_failed": _("A copy of the whole record could not be made"),
        "record.exported": _("%(who)s ordered a copy of the whole record"),
        "trail.exported": _("%(who)s exported entries of the trail"),
    },
    CHANGED: {
        "assessment.reopened": _("%(who)s gave an assessment back to its author"),
        "assessment.submitted": _("%(who)s handed in an assessment"),
        "ballot.cast": _("%(who)s cast a ballot"),
        "ballot.written": _("%(who)s wrote on a ballot"),
        "ballots.opened": _("%(who)s answered last: the ballots of a hearing opened"),
        "case.appealed": _("%(who)s appealed against a decision"),
        "case.decided": _("%(who)s released the decision of a promotion case"),
        "case.described": _("%(who)s chose presenter, cycle or day of a promotion case"),
        "case.dropped": _("%(who)s dropped the draft of a promotion case"),
        "case.evidence_chosen": _("%(who)s chose the evidence of a promotion case"),
        "case.opened": _("%(who)s began a promotion case"),
        "case.proposed": _("%(who)s proposed a promotion"),
        "case.shared": _("%(who)s opened the draft of a promotion case to the candidate"),
        "case.stories_arranged": _("%(who)s put the stories of a promotion case in order"),
        "case.unshared": _("%(who)s closed the draft of a promotion case to the candidate"),
        "case.withdrawn": _("%(who)s withdrew a promotion case"),
        "claim.added": _("%(who)s added a claim to a promotion case"),
        "claim.removed": _("%(who)s removed a claim from a promotion case"),
        "claim.rewritten": _("%(who)s rewrote a claim of a promotion case"),
        "committee.founded": _("%(who)s founded a committee"),
        "committee.renamed": _("%(who)s renamed a committee"),
        "committee.seated": _("%(who)s gave a seat in a committee"),
        "committee.unseated": _("%(who)s took a seat in a committee away"),
        "cycle.changed": _("%(who)s changed a review cycle"),
        "cycle.closed": _("%(who)s closed a review cycle"),
        "cycle.opened": _("%(who)s opened a review cycle for everyone in it"),
        "cycle.prepared": _("%(who)s prepared a review cycle"),
        "decision.drafted": _("%(who)s wrote on the draft of a decision"),
        "decision.made": _("%(who)s recorded the decision of a hearing"),
        "draft.redacted": _("%(who)s took a name out of the packet of a draft"),
        "edition.loaded": _("%(who)s took in an edition of the ladder"),
        "edition.published": _("%(who)s published an edition of the ladder"),
        "edition.retired": _("%(who)s retired an edition of the ladder"),
        "endorsement.asked": _("%(who)s asked for an endorsement"),
        "endorsement.declined": _("Somebody who was asked for an endorsement declined"),
        "endorsement.given": _("An endorsement came in"),
        "endorsement.recalled": _("%(who)s took back the request for an endorsement"),
        "endorsement.requested": _("%(who)s had a letter sent that asks for an endorsement"),
        "evidence.logged": _("%(who)s recorded a piece of evidence"),
        "evidence.rewritten": _("%(who)s rewrote a piece of evidence"),
        "evidence.withdrawn": _("%(who)s withdrew a piece of evidence"),
        "framework.renamed": _("%(who)s renamed the ladder"),
        "hearing.called": _("%(who)s called another member to a hearing"),
        "hearing.convened": _("%(who)s brought a promotion case before a committee"),
        "hearing.unmasked": _("%(who)s asked who the candidate of a masked case is"),
        "hold.lifted": _("%(who)s lifted a legal hold"),
        "hold.placed": _("%(who)s placed a legal hold"),
        "import.applied": _("%(who)s applied an import of people"),
        "import.dropped": _("%(who)s dropped an import of people"),
        "import.reread": _("%(who)s read the file of an import another way"),
        "import.undone": _("%(who)s undid an import of people"),
        "import.uploaded": _("%(who)s uploaded an import of people"),
        "letter.undelivered": _("A letter that %(who)s had ordered did not arrive"),
        "member.recused": _("Somebody who was called does not answer a promotion case"),
        "organisation.founded": _("%(who)s set up the company"),
        "organisation.renamed": _("%(who)s renamed the company"),
        "organisation.second_factor_required": _("%(who)s changed who needs a second factor"),
        "assessment.redacted": _("%(who)s took a name out of an assessment that was handed in"),
        "ballot.redacted": _("%(who)s took a name out of a ballot"),
        "decision.redacted": _("%(who)s took a name out of a decision"),
        "endorsement.redacted": _("%(who)s took a name out of an endorsement"),
        "packet.redacted": _("%(who)s took a name out of a packet"),
        "person.described": _("%(who)s changed the name, email, title or team"),
        "person.erased": _("%(who)s erased the record of a person"),
        "person.left": _("%(who)s noted the day of leaving"),
        "person.move_called_off": _("%(who)s called off a change of manager"),
        "person.moved": _("%(who)s changed the manager"),
        "person.placed": _("%(who)s changed the level"),
        "person.placing_called_off": _("%(who)s called off a change of level"),
        "person.rejoined": _("%(who)s took back the day of leaving"),
        "person.restored": _("%(who)s took back what an import had changed"),
        "person.welcomed": _("%(who)s began the record of a person"),
        "policy.changed": _("%(who)s changed how promotions go"),
        "rating.saved": _("%(who)s saved a rating"),
        "remark.made": _("%(who)s added a note to a hearing"),
        "review.aimed": _("%(who)s chose the level that a review is read against"),
        "review.discussed": _("%(who)s noted that a review was talked about"),
        "review.handed_over": _("%(who)s gave a review to another manager"),
        "review.opened": _("%(who)s opened a review"),
        "review.revealed": _("%(who)s handed in last: both sides of a review see each other"),
        "review.signed": _("%(who)s signed a review"),
        "role.granted": _("%(who)s granted a role"),
        "role.revoked": _("%(who)s revoked a role"),
        "statement.written": _("%(who)s wrote a statement of a promotion case"),
        "story.added": _("%(who)s added a story to a promotion case"),
        "story.removed": _("%(who)s removed a story from a promotion case"),
        "story.rewritten": _("%(who)s rewrote a story of a promotion case"),
        "trail.verified": _("%(who)s had the trail verified"),
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
