"""
The company that the table of routes is asked about, with a canary in every field that is not for everybody.

The people, reviews, assessments, cycles and evidence are those of `tests/competencies/core/company.py`;
added to them are cases with all their texts, packets with their documents, a complete draft of a ladder,
one that was retired, and keys to the API.
"""

from datetime import date, timedelta
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from competencies.core.clock import now, today
from competencies.framework.loading import load
from competencies.framework.models import Competency, Edition, Publication, Retirement, Skill, Track
from competencies.jobs.models import Job
from competencies.packets.models import Order, Packet, PacketExport, PacketLink
from competencies.packets.snapshot import snapshot_of
from competencies.people.models import Organisation, Person, Placement, Token
from competencies.people_import.detection import guess
from competencies.people_import.models import Import, Memory, Sheet
from competencies.people_import.packing import pack
from competencies.personal_data.models import Export
from competencies.promotions.models import (
    Claim,
    Endorsement,
    EndorsementRefusal,
    EndorsementRequest,
    Exhibit,
    Policy,
    PromotionCase,
    Proposal,
    Sharing,
    Statement,
    Story,
    Withdrawal,
)
from competencies.reviews.models import Cycle, Tally
from competencies.sources.models import Source
from competencies.trail.models import canonical
from ladder.jobs.record_exports import write_copy
from tests.competencies.core import company
from tests.competencies.core.rows.exports import make_export_items, make_export_jobs, make_packet_links
from tests.competencies.core.rows.hearings import Sitting
from tests.competencies.framework.conftest import TINY

from .planting import Canaries, planted_in_a_draft

DAY = timedelta(days=1)
CASES = {  # subject, sponsor, and what happened to it
    "draft": ("lena", "mara"),
    "dropped": ("lena", "mara", "withdraw"),
    "proposed": ("lena", "mara", "propose"),
    "withdrawn": ("lena", "mara", "propose", "withdraw"),
    "decided": ("lena", "mara", "propose", "decide"),
    "shared": ("lena", "mara", "share"),
    "presented": ("lena", "mara", "present", "propose"),
    "draft by Fay": ("lena", "fay"),
    "proposed by Fay": ("lena", "fay", "propose"),
    "draft of HR": ("hana", "dora"),
    "proposed of HR": ("hana", "dora", "propose"),
    "decided of HR": ("hana", "dora", "propose", "decide"),
    "shared of HR": ("hana", "dora", "share"),
    "draft by HR": ("ines", "hana"),
    "proposed by HR": ("ines", "hana", "propose"),
    "proposed by Noor": ("kit", "noor", "propose"),
}
PACKETS = {  # of which case, and whether it was frozen before the case was proposed
    "draft": ("draft", True),
    "its draft": ("proposed", True),
    "proposed": ("proposed", False),
    "decided": ("decided", False),
    "withdrawn": ("withdrawn", False),
    "draft by Fay": ("draft by Fay", True),
    "by Fay": ("proposed by Fay", False),
    "of HR": ("proposed of HR", False),
    "by Noor": ("proposed by Noor", False),
}
TYPESET = ("proposed", "decided", "its draft")


def build(folder):
    """Make everything; documents go into `folder`. Returns people, rows, keys and canaries."""
    canaries = Canaries()
    with canaries.planted():
        made = company.build()
        _fill(made.people, canaries)
        rows = made.rows
        canaries.plant(rows["reviews.Cycle"].values())
        canaries.plant(Cycle.objects.exclude(pk__in=[row.pk for row in rows["reviews.Cycle"].values()]))
        Tally.objects.bulk_create(
            Tally(cycle=cycle) for cycle in Cycle.objects.filter(tally=None, opening__isnull=False)
        )
        Policy.here()
        Policy.objects.update(quorum=2)  # as many as may answer every case
        _place(made.people["lars"])
        rows["promotions.PromotionCase"] = cases = _cases(made.people)
        rows["promotions.Claim"] = {name: case.claims.first() for name, case in cases.items()}
        rows["promotions.Story"] = {name: case.stories.first() for name, case in cases.items()}
        rows["packets.Packet"] = packets = _packets(cases, made.people["hugo"], canaries)
        keys, rows["people.Token"] = _keys(made.people, rows["people.Token"])
        Sheet.objects.filter(packed=b"").update(packed=pack([]))  # there, the files hold nothing at all
        Memory.objects.filter(packed=b"").update(packed=pack({}))
        rows["people_import.Import"] = _imports(made.people["hugo"], canaries)
    _typeset(packets, folder)
    rows["records.Export"] |= _copies(made.people)
    _copied(rows["records.Export"], folder)
    rows |= _exports(made.people, packets, canaries)
    rows |= _editions(canaries, made.people["aude"])
    rows |= _accounts(made.people)
    made.people["gone"].refresh_from_db()
    canaries.take_digests()
    return SimpleNamespace(people=made.people, rows=rows, keys=keys, canaries=canaries)


def _fill(people, canaries):
    """Give everybody a name, an address and the rest that is theirs alone."""
    for name, person in people.items():
        canaries.plant([person], name=f"{name.title()} {{token}}")
    rest = Person.objects.exclude(pk__in=[person.pk for person in people.values()])
    canaries.plant(rest, name="{row.name} {token}")


def _place(person):
    """Let somebody stand at a level who has no case, so that one can be opened."""
    edition = Edition.objects.in_force().get()
    Placement.objects.create(
        person=person,
        track=edition.track_set.get(key="java"),
        level=edition.level_set.get(key="senior"),
        starts_on=today(),
    )


def _cases(people):
    edition = Edition.objects.in_force().get()
    levels = {level.key: level for level in edition.level_set.all()}
    competencies = list(edition.competency_set.all()[:2])
    sitting = Sitting(people, edition, name="Staff")

    def case(subject, sponsor, *steps):
        subject, sponsor = people[subject], people[sponsor]
        case = PromotionCase.objects.create(
            subject=subject,
            sponsor=sponsor,
            track=edition.track_set.get(key="java"),
            from_level=levels["senior"],
            to_level=levels["staff"],
            wanted_from=date(today().year + 1, 1, 1),
            presenter=people["stella"] if "present" in steps else None,
            cycle=Cycle.objects.filter(opening=None).first() if "present" in steps else None,
        )
        if "share" in steps:
            Sharing.objects.create(case=case, by=sponsor)
        for kind in Statement.Kind.values:
            Statement.objects.create(case=case, kind=kind, text="planted")
        Claim.objects.create(case=case, competency=competencies[0], text="A claim.", result="A result.")
        piece = subject.evidence.first()
        for position in (1, 2):
            story = Story.objects.create(case=case, title="A story", position=position)
            story.show(competencies, [piece] if piece else [])
        if piece:
            Exhibit.objects.create(case=case, evidence=piece)
        _ask(case)
        if "propose" in steps:
            Proposal.objects.create(case=case, by=sponsor)
        if "decide" in steps:
            sitting.decided(f"of {case.pk}", of=case, release=now() + 9 * DAY)
        if "withdraw" in steps:
            Withdrawal.objects.create(case=case, by=sponsor)
        return PromotionCase.objects.with_state().get(pk=case.pk)

    return {label: case(*told) for label, told in CASES.items()}


def _ask(case):
    """Have one endorsement given, one declined, and one awaited."""
    for came in (Endorsement, EndorsementRefusal, None):
        asked = EndorsementRequest.objects.create(
            case=case, relation="peer", outside=True, by=case.sponsor, expires_at=now() + 20 * DAY
        )
        if came is Endorsement:
            came.objects.create(request=asked, asked_relation="peer", asked_outside=True)
        elif came:
            came.objects.create(request=asked)


def _packets(cases, hr, canaries):
    made = {}
    for label, (of, early) in PACKETS.items():
        case = cases[of]
        at = case.proposal.at - DAY if early and case.state != "draft" else now()
        for variant in Packet.Variant.values:
            archived = variant == Packet.Variant.ARCHIVE
            if archived and early:  # nobody archives a draft
                continue
            by = hr if archived else case.sponsor
            number = f"P-{case.pk:04d}-{len(made)}"
            content = snapshot_of(case, number=number, variant=variant, at=at, by=by)
            made[f"{label}, {variant}"] = Packet.objects.create(
                case=case, number=number, variant=variant, by=by, at=at, snapshot=canonical(content)
            )
    failed = made["by Fay, committee"]
    job = Job.objects.create(kind=Job.Kind.PACKET_DOCUMENT, by=failed.by)
    Order.objects.create(packet=failed, job=job).fail(canaries.token(job, "failure"))
    return made


def _typeset(packets, folder):
    from ladder.pdf.child import typeset

    for label, packet in packets.items():
        if label.split(",")[0] in TYPESET and label != "its draft, archive":
            draft = folder / f"{packet.pk}.part"
            document = typeset(packet.content, to=draft)
            draft.rename(folder / f"{document.sha256}.pdf")
            packet.keep(
                f"{document.sha256}.pdf", sha256=document.sha256, pages=document.pages, size=document.bytes
            )


def _keys(people, tokens):
    """Return `({name of the actor: key}, {label: token})`."""
    keys = {}

    def key(name, whose, **options):
        token, keys[name] = Token.issue(people[whose], by=people[whose], label="planted", **options)
        return token

    made = {
        "for reading": key("lena by key for reading", "lena"),
        "for writing": key("lena by key for writing", "lena", scope="write"),
        "of HR": key("hugo by key for reading", "hugo"),
        "of Mara": key("mara by key for writing", "mara", scope="write"),
    }
    key("a revoked key", "lena").revoke(by=people["lena"])
    expired = key("an expired key", "lena")
    gone = people["gone"]
    Person.objects.filter(pk=gone.pk).update(leaves_on=None)
    gone.refresh_from_db()
    key("the key of somebody gone", "gone")
    Person.objects.filter(pk=gone.pk).update(leaves_on=date(2024, 1, 1))
    Token.objects.filter(pk=expired.pk).update(expires_at=now() - DAY)
    return keys, tokens | made


def _editions(canaries, aude):
    """Return rows of a draft, whose texts are its authors' alone, and of one that was retired."""
    with planted_in_a_draft(canaries):
        draft = load(TINY.encode(), file="tiny.yaml", by=None)
    retired = load(
        TINY.replace("key: tiny,", "key: gone,").replace('"900', '"901').encode(), file="x", by=None
    )
    Publication.objects.create(edition=retired, by=aude)
    Retirement.objects.create(edition=retired, by=aude)
    editions = {"published": Edition.objects.in_force().get(), "draft": draft, "retired": retired}
    parts = {
        model._meta.label: {name: model.objects.filter(edition=row).first() for name, row in editions.items()}
        for model in (Competency, Track, Skill)
    }
    sources = {name: Source.objects.filter(coverages__edition=row).first() for name, row in editions.items()}
    return {"framework.Edition": editions, "sources.Source": sources, **parts}


def _accounts(people):
    """Return a passkey and an open session of two people."""
    factors, sessions = {}, {}
    for name in ("lena", "hana"):
        factors[f"of {name}"] = Authenticator.objects.create(
            user=people[name],
            type=Authenticator.Type.WEBAUTHN,
            data={"name": f"Key of {name}", "credential": _credential(name.encode())},
        )
        sessions[f"of {name}"] = UserSession.objects.create(
            user=people[name], ip="127.0.0.1", session_key=f"session of {name}", user_agent="Firefox"
        )
    return {"mfa.Authenticator": factors, "usersessions.UserSession": sessions}


def _imports(hugo, canaries):
    """Return an import in each state, each of a file in which every cell is a canary."""

    def uploaded():
        made = Import(pk=0)
        name, title, team, number = (
            canaries.token(made, cell) for cell in ("name", "title", "team", "number")
        )
        text = f"Number,Name,Email,Title,Team\r\n{number},{name},{name}@testing.example,{title},{team}\r\n"
        text += f"{canaries.token(made, 'rows')},,no address,{canaries.token(made, 'rows')},\r\n"
        return Import.upload(text.encode(), file="people.csv", within=Organisation.here(), by=hugo)

    def previewed():
        made = uploaded()
        made.work_out({"columns": guess(made.sheet.headings), "dates": "iso", "leavers": False}, by=hugo)
        return Import.objects.get(pk=made.pk)

    def applied():
        made = previewed()
        made.apply(by=hugo, skip_refused=True)
        return Import.objects.get(pk=made.pk)

    dropped, undone = uploaded(), applied()
    dropped.drop(by=hugo)
    undone.undo(by=hugo)
    return {
        "uploaded": uploaded(),
        "previewed": previewed(),
        "applied": applied(),
        "dropped": dropped,
        "undone": undone,
    }


def _copies(people):
    """Return copies that somebody of HR ordered of their own manager's record, and of their report's."""
    until = now() + DAY
    return {
        f"of {whose.title()} by Hana": Export.objects.create(
            person=people[whose],
            job=Job.objects.create(kind=Job.Kind.RECORD_COPY, by=people["hana"], ended_at=now()),
            file="a.zip",
            expires_at=until,
        )
        for whose in ("dora", "ines")
    }


def _copied(exports, folder):
    """Write the file of each copy of a record that is ready."""
    for label, export in exports.items():
        if export.file:
            name = f"{export.pk}.zip"
            write_copy(export, folder / name)
            type(export).objects.filter(pk=export.pk).update(file=name, size=(folder / name).stat().st_size)
            exports[label] = type(export).objects.get(pk=export.pk)


def _exports(people, packets, canaries):
    """Return exports of the cases and packets made here, their items, and links to one that is typeset."""
    PacketLink.objects.all().delete()
    PacketExport.objects.all().delete()
    named = {
        "waiting": "by Fay, committee",
        "failed": "by Noor, committee",
        "made": "proposed, committee",
        "of HR": "of HR, committee",
        "draft": "draft, committee",
    }
    jobs = make_export_jobs(people)
    items = make_export_items(jobs, packets, named)
    for item in items.values():
        if item.job.failure:
            item.job.failure = canaries.token(item.job, "failure")
            item.job.save(update_fields=["failure"])
    links = make_packet_links(items, people)
    return {"packets.PacketExport": jobs, "packets.ExportItem": items, "packets.PacketLink": links}


def _credential(of):
    """Return a passkey as a browser registers it."""
    key = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    told = AuthenticatorData.create(
        b"r" * 32, 0x45, 0, AttestedCredentialData.create(Aaguid(b"a" * 16), of, key)
    )
    return {
        "id": websafe_encode(of),
        "rawId": websafe_encode(of),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(
                b'{"type":"webauthn.create","challenge":"eA","origin":"https://x"}'
            ),
            "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
        },
    }
