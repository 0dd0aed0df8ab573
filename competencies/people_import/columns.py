"""What the columns of a file of people can mean, and under which headings they are found.

The headings are those of exports in English, German and French, as Personio, BambooHR, Workday, SAP and
others name them; a column's surest stand first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from competencies.core.folding import fold

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Column:
    """Something that a column can hold: what it is called on pages, its longest text, and its other names."""

    key: str
    label: StrOrPromise
    longest: int = 200
    spellings: tuple[str, ...] = ()
    is_day: bool = False


def _column(
    key: str, label: StrOrPromise, spellings: str, *, longest: int = 200, is_day: bool = False
) -> Column:
    return Column(key, label, longest, tuple(spellings.split()), is_day)


COLUMNS = {
    column.key: column
    for column in (
        _column(
            "number",
            _("Staff number"),
            "staffnumber staffno staffid employeenumber employeeno employeeid employeecode employeeuid "
            "empid empno empnumber empcode eeid eenumber personnelnumber personnelno personnelid workerid "
            "workernumber personid personnumber payrollnumber payrollid payrollno filenumber badge "
            "badgenumber associateid personalnummer personalnr persnr pernr perno mitarbeiternummer "
            "mitarbeiternr mitarbeiterid stammnummer matricule numeromatricule nomatricule numeroemploye "
            "numerodemploye noemploye idemploye numerosalarie nosalarie idsalarie idcollaborateur number "
            "nummer numero nr no userid id",
            longest=40,
        ),
        _column(
            "email",
            _("Email"),
            "email workemail emailwork emailaddress workemailaddress mail primaryworkemail emailprimarywork "
            "businessemail businessemailaddress companyemail officialemail corporateemail primaryemail "
            "employeeemail emailadresse emailgeschaftlich emailgeschaeftlich geschaftlicheemail "
            "geschaeftlicheemail geschaftlicheemailadresse dienstlicheemail dienstlicheemailadresse "
            "emaildienstlich firmenemail adresseemail adressemail adresseelectronique courriel "
            "courrielprofessionnel emailprofessionnel emailpro mailpro mailprofessionnel "
            "adresseemailprofessionnelle userprincipalname upn username",
            longest=254,
        ),
        _column(
            "name",
            _("Name"),
            "name fullname displayname employeename employeefullname workername preferredname legalname "
            "fulllegalname personname namelastfirst lastnamefirstname firstnamelastname mitarbeitername "
            "vollstandigername vollstaendigername vorundnachname vorundzuname nachnamevorname namevorname "
            "vornamename vornamenachname nomcomplet nometprenom nomprenom prenometnom prenomnom nomaffiche "
            "employee worker person mitarbeiter mitarbeitende mitarbeiterin employe salarie collaborateur",
        ),
        _column(
            "first_name",
            _("First name"),
            "firstname preferredfirstname givenname givennames forename legalfirstname employeefirstname "
            "first vorname vornamen rufname prenom prenoms prenomusuel",
            longest=100,
        ),
        _column(
            "last_name",
            _("Last name"),
            "lastname surname familyname preferredlastname legallastname employeelastname last nachname "
            "familienname zuname nomdefamille nomdusage nomusage nomdenaissance nom",
            longest=100,
        ),
        _column(
            "title",
            _("Job title"),
            "jobtitle positiontitle businesstitle worktitle title position jobposition jobprofile role "
            "function job stellenbezeichnung stelle positionsbezeichnung berufsbezeichnung jobbezeichnung "
            "tatigkeitsbezeichnung tatigkeit taetigkeit funktion planstelle intituleduposte intituleposte "
            "libelleposte libelleduposte poste fonction emploi titreduposte",
        ),
        _column(
            "team",
            _("Team"),
            "team teamname squad department departmentname dept orgunit organisationunit organizationunit "
            "organisationalunit organizationalunit supervisoryorganization division businessunit costcentre "
            "costcenter unit group abteilung abteilungsname bereich organisationseinheit orgeinheit "
            "kostenstelle gruppe equipe departement service direction unite entite",
            longest=120,
        ),
        _column("pronouns", _("Pronouns"), "pronouns pronoun preferredpronouns pronomen pronoms", longest=40),
        _column(
            "joined_on",
            _("Joined"),
            "joined joinedon joindate joiningdate hiredate datehired hiredon hired startdate startedon "
            "employmentstart employmentstartdate entrydate companyentrydate dateofjoining dateofhire "
            "originalhiredate continuousservicedate senioritydate eintrittsdatum eintritt eintrittam "
            "firmeneintritt einstellungsdatum anstellungsdatum startdatum beschaftigtseit beginn "
            "dateembauche datedembauche datedentree dateentree datedarrivee datedebut datedebutcontrat "
            "dateanciennete datedanciennete",
            is_day=True,
        ),
        _column(
            "last_day",
            _("Last day"),
            "lastday lastworkingday lastdayofwork lastdayhere lastdateofwork terminationdate enddate "
            "employmentend employmentenddate contractenddate leavingdate leavedate leaveson dateleft "
            "exitdate separationdate austrittsdatum austritt austrittam letzterarbeitstag letztertag "
            "vertragsende enddatum datedesortie datesortie datededepart datedepart dernierjour "
            "dernierjourtravaille datedefin datefincontrat datedefindecontrat",
            is_day=True,
        ),
        _column(
            "gone_from",
            _("First day after leaving"),
            "gonefrom firstdaygone firstdaynolongerhere inactivefrom deactivatedon",
            is_day=True,
        ),
        _column(
            "status",
            _("Status (employed or left)"),
            "status employmentstatus employeestatus workerstatus currentstatus employmentstate active "
            "isactive activestatus beschaftigungsstatus beschaeftigungsstatus mitarbeiterstatus "
            "anstellungsstatus personalstatus statusdermitarbeiter aktiv statut statutemploi statutsalarie "
            "statutducollaborateur actif",
            longest=100,
        ),
        _column(
            "manager",
            _("Manager (staff number or email)"),
            "managerid managernumber managerno manageremployeeid manageremployeenumber managerstaffnumber "
            "managerstaffno managerworkerid managerpersonnelnumber manageremail manageremailaddress "
            "managerworkemail managersemail managersid emailmanager idmanager reportstoid reportstonumber "
            "reportstoemail reportingtoid reportingtoemail supervisorid supervisornumber supervisoreeid "
            "supervisoremail linemanagerid linemanagernumber linemanageremail manageraddress vorgesetzterid "
            "vorgesetztenid vorgesetzteid vorgesetzterpersonalnummer vorgesetzterpersonalnr "
            "personalnummervorgesetzter personalnummerdesvorgesetzten personalnrvorgesetzter "
            "vorgesetzteremail emailvorgesetzter emaildesvorgesetzten fuhrungskraftid fuhrungskraftemail "
            "fuehrungskraftid fuehrungskraftemail managermatricule matriculemanager matriculedumanager "
            "matriculeresponsable matriculeduresponsable matriculen1 emailresponsable emailduresponsable "
            "responsableemail emailn1 manager linemanager reportsto reportingto supervisor boss "
            "directmanager managername linemanagername supervisorname reportstoname vorgesetzter vorgesetzte "
            "direktervorgesetzter fuhrungskraft fuehrungskraft leiter teamleiter responsable "
            "responsablehierarchique superieur superieurhierarchique n1",
            longest=254,
        ),
        _column(
            "line_from",
            _("Manager since"),
            "linefrom managersince managerfrom reportstosince reportstofrom reportingsince reportingfrom "
            "linesince managerstartdate",
            is_day=True,
        ),
        _column(
            "track",
            _("Track"),
            "track careertrack ladder profile roleprofile jobfamily family discipline laufbahn fachlaufbahn "
            "jobfamilie filiere famillemetier metier parcours",
            longest=100,
        ),
        _column(
            "level",
            _("Level"),
            "level careerlevel joblevel grade seniority band jobgrade stufe karrierestufe karrierelevel "
            "senioritat niveau echelon",
            longest=100,
        ),
        _column(
            "level_from",
            pgettext_lazy("a day", "Level since"),
            "levelfrom levelsince lastpromotion lastpromotiondate promotedon placementfrom placedfrom "
            "gradesince gradefrom levelstartdate leveleffectivedate",
            is_day=True,
        ),
    )
}
DESCRIBING = ("number", "email", "name", "title", "team", "pronouns", "joined_on")


def headings_as_words(heading: str) -> tuple[str, ...]:
    """Return how a heading is spelt without case, accents and spaces, with its brackets and without."""
    text = fold(heading).replace("#", " number ").replace("№", " number ").replace("°", "o ")
    whole = re.sub(r"[\W_]+", "", text)
    outside = re.sub(r"[\W_]+", "", re.sub(r"\(.*?\)|\[.*?\]", "", text))
    return tuple(dict.fromkeys(word for word in (whole, outside) if word))


def known_by(heading: str) -> str | None:
    """Return the key of the column that a heading names by its words alone, or None."""
    for words in headings_as_words(heading):
        if key := SPELT.get(words):
            return key
    return None


SPELT = {spelling: column.key for column in reversed(COLUMNS.values()) for spelling in column.spellings}
