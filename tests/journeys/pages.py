"""Every page of the product, by the name of its address, with somebody who reads it.

A new address without an entry fails `test_every_page_is_listed`.
"""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Page:
    """An address as one person opens it; `of` names the rows of `company.json` in it."""

    name: str
    reader: str | None
    of: tuple = ()
    query: str = ""
    status: int = 200

    def address(self, rows):
        return reverse(self.name, args=[rows[row] for row in self.of]) + self.query

    def __str__(self):
        return "-".join([self.name, *self.of, self.query, self.reader or "nobody"]).replace(" ", "_")


PAGES = [
    Page("sign_in", None),
    Page("verify", None),
    Page("verify_code", None, ("code",)),
    Page("account_reset_password", None),
    Page("account_reset_password_from_key", None, ("kwame", "kwame")),
    # one's own account
    Page("account", "kwame"),
    Page("account", "yuki"),
    Page("account_set_password", "kwame"),
    Page("account_change_password", "yuki"),
    Page("account_reauthenticate", "yuki"),
    Page("mfa_reauthenticate", "yuki"),
    Page("mfa_activate_totp", "kwame"),
    Page("mfa_deactivate_totp", "yuki"),
    Page("mfa_view_recovery_codes", "yuki"),
    Page("mfa_add_webauthn", "kwame"),
    Page("mfa_edit_webauthn", "yuki", ("passkey of yuki",)),
    Page("mfa_remove_webauthn", "yuki", ("passkey of yuki",)),
    Page("tokens", "kwame"),
    Page("tokens", "yuki"),
    # the first page of everybody
    Page("home", "kwame"),
    Page("home", "tomasz"),
    Page("home", "amara"),
    Page("home", "benedikte"),
    Page("home", "marguerite"),
    Page("home", "nikhil"),
    Page("home", "nia"),
    Page("help", "kwame"),
    Page("palette", "kwame"),
    # the ladder
    Page("ladder", "priya"),
    Page("matrix", "kwame", ("edition",)),
    Page("matrix", "marguerite", ("draft edition",)),
    Page("editions", "marguerite"),
    Page("editions", "kwame"),
    Page("edition_import", "marguerite"),
    Page("publication", "marguerite", ("draft edition",)),
    Page("retirement", "marguerite", ("edition",)),
    Page("competency", "kwame", ("competency",)),
    Page("role", "priya", ("java", "staff")),
    Page("expectation", "priya", ("java", "staff", "competency")),
    Page("sources", "kwame"),
    Page("source", "kwame", ("source",)),
    Page("search", "kwame"),
    Page("search", "kwame", query="?q=kafka"),
    Page("search", "kwame", query="?q=zebra"),
    # people
    Page("people", "benedikte"),
    Page("person", "tomasz", ("priya",)),
    Page("person", "nia", ("nia",)),
    Page("people", "benedikte", query="?q=software&show=without-level"),
    Page("person", "benedikte", ("kwame",)),
    Page("person_new", "benedikte"),
    Page("person_description", "benedikte", ("kwame",)),
    Page("person_pronouns", "kwame", ("kwame",)),
    Page("person_line", "benedikte", ("kwame",)),
    Page("person_placement", "benedikte", ("kwame",)),
    Page("person_leaving", "benedikte", ("tomasz",)),
    Page("person_return", "benedikte", ("one who left",)),
    Page("person_roles", "benedikte", ("oisin",)),
    Page("imports", "benedikte"),
    Page("import_new", "benedikte"),
    Page("import_mapping", "benedikte", ("import",)),
    Page("import_preview", "benedikte", ("import",), query="?kind=all"),
    Page("import_preview", "benedikte", ("applied import",)),
    Page("chart", "kwame"),
    Page("chart", "nia"),
    Page("chart_of", "benedikte", ("amara",)),
    Page("chart_of", "kwame", ("tomasz",)),
    Page("team", "tomasz"),
    Page("team", "amara"),
    # the organisation, and how people get in
    Page("organisation", "benedikte"),
    Page("next_steps", "benedikte"),
    Page("access", "benedikte", ("nia",)),
    Page("access", "benedikte", ("yuki",)),
    Page("reset_second_factor", "benedikte", ("yuki",)),
    Page("reset_second_factor", "benedikte", ("nia",)),
    Page("invitations", "benedikte"),
    Page("invite_all", "benedikte"),
    # evidence
    Page("evidence_list", "priya"),
    Page("evidence_list", "nia"),
    Page("evidence_of", "tomasz", ("priya",)),
    Page("evidence_new", "kwame", ("kwame",)),
    Page("evidence", "kwame", ("piece of kwame",)),
    Page("evidence_edit", "kwame", ("piece of kwame",)),
    Page("evidence_withdrawal", "kwame", ("piece of kwame",)),
    # reviews
    Page("cycles", "benedikte"),
    Page("cycle_new", "benedikte"),
    Page("cycle", "benedikte", ("cycle in preparation",)),
    Page("cycle", "benedikte", ("open cycle",)),
    Page("cycle", "benedikte", ("closed cycle",)),
    Page("cycle_edit", "benedikte", ("cycle in preparation",)),
    Page("closing", "benedikte", ("open cycle",)),
    Page("reviews", "kwame"),
    Page("reviews", "tomasz"),
    Page("reviews", "nia"),
    Page("review", "minhanh", ("review of minhanh",)),
    Page("review", "priya", ("review of priya",)),
    Page("review", "leilani", ("review of fatima",)),
    Page("assessment", "minhanh", ("self of minhanh",)),
    Page("assessment", "mateo", ("self of mateo",)),
    Page("assessment", "tomasz", ("manager of solveig",)),
    Page("assessment", "leilani", ("manager of fatima",)),
    Page("assessment", "tomasz", ("self of priya",)),
    Page("rating", "mateo", ("self of mateo", "competency")),
    Page("support", "mateo", ("self of mateo", "competency")),
    Page("other_evidence", "mateo", ("self of mateo", "competency")),
    Page("submission", "mateo", ("self of mateo",)),
    Page("submission", "leilani", ("manager of fatima",)),
    # promotions and packets
    Page("cases", "tomasz"),
    Page("cases", "nia"),
    Page("case_new", "tomasz", ("kwame",)),
    Page("case_new", "tomasz", ("priya",)),
    Page("case", "tomasz", ("case of priya",)),
    Page("case", "priya", ("case of priya",)),
    Page("case", "dmytro", ("case of dmytro",)),
    Page("case_framing", "tomasz", ("case of priya",)),
    Page("endorsements", "priya", ("case of priya",)),
    Page("endorsement_request", "anneke", ("request to anneke",)),
    Page("promotion_policy", "benedikte"),
    Page("case", "benedikte", ("case of yuki",)),
    Page("stories", "tomasz", ("case of priya",)),
    Page("story", "tomasz", ("story of priya",)),
    Page("case_evidence", "tomasz", ("case of priya",)),
    Page("packet_preview", "tomasz", ("case of priya",)),
    Page("packet", "leilani", ("committee packet of dmytro",)),
    Page("packet", "dmytro", ("candidate packet of dmytro",)),
    Page("packet_exports", "benedikte"),
    Page("packet_exports", "oisin"),
    Page("packet_export_new", "benedikte"),
    Page("packet_export_new", "benedikte", query="?below=walrus"),
    Page("packet_export_new", "benedikte", query="?outcome=decline"),
    Page("packet_export", "benedikte", ("export",)),
    Page("packet_export_item", "benedikte", ("failed item",)),
    Page("packet_export_item", "benedikte", ("made item",)),
    # committees and hearings
    Page("committees", "anneke"),
    Page("committees", "benedikte"),
    Page("committees", "nia"),
    Page("committee", "benedikte", ("committee",)),
    Page("committee", "owen", ("committee",)),
    Page("convening", "benedikte", ("case of aisha",)),
    Page("appeal", "minhanh", ("case of minhanh",)),
    Page("hearing", "anneke", ("hearing of thandiwe",)),
    Page("hearing", "solveig", ("hearing of thandiwe",)),
    Page("hearing", "benedikte", ("hearing of thandiwe",)),
    Page("hearing", "anneke", ("hearing of elif",)),
    Page("hearing", "benedikte", ("hearing of yuki",)),
    Page("hearing", "owen", ("hearing of jonas",)),
    Page("casting", "anneke", ("hearing of thandiwe",)),
    Page("recusal", "anneke", ("hearing of thandiwe",)),
    Page("unmasking", "anneke", ("hearing of thandiwe",)),
    Page("members", "benedikte", ("hearing of thandiwe",)),
    Page("excusal", "benedikte", ("hearing of thandiwe", "owen")),
    Page("hearing_decision", "anneke", ("hearing of elif",)),
    Page("releases", "benedikte"),
    Page("release_new", "benedikte", query="?decisions=3"),
    Page("home", "anneke"),
    # background work
    Page("background_work", "benedikte"),
    Page("background_work", "priya"),
    Page("background_work", "nikhil", query="?kind=record_copy"),
    # whole records
    Page("record", "priya"),
    Page("record", "nia"),
    Page("record_of", "benedikte", ("priya",)),
    Page("record_of", "benedikte", ("one who left",)),
    Page("erasure", "benedikte", ("one who left",)),
    # the trail
    Page("trail", "nikhil"),
    Page("trail", "benedikte"),
    Page("trail", "nikhil", query="?action=cycle.opened&since=2020-01-01"),
    Page("trail", "nikhil", query="?record=walrus"),
    Page("person_trail", "priya", ("priya",)),
    Page("person_trail", "benedikte", ("kwame",), query="?kind=printed"),
]

# Addresses that answer a GET with something that is no page of ours to look at: files, signs of life.
NO_PAGES = {
    *("account_login", "mfa_index", "mfa_authenticate"),
    *("mfa_login_webauthn", "mfa_reauthenticate_webauthn"),
    # doors that are open to few: the journeys that go through them look at them
    *("open_set_up", "set_up", "open_invitation", "invitation", "open_endorsement", "endorsement"),
    *("second_factor", "single_sign_on", "single_sign_on_return"),
    *(
        "case_writing",
        "export",
        "export_zip",
        "edition_file",
        "import_example",
        "import_refused",
        "packet_pdf",
        "packet_export_zip",
        "packet_export_csv",
        "packet_export_xlsx",
        "packet_link",
        "trail_csv",
        "trail_jsonl",
        "alive",
        "ready",
        "session",
    ),
}
