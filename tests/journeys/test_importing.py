"""HR brings a file of people, sees what is wrong with it, applies the rest and takes it back."""

from playwright.sync_api import expect

from .looking import look_over

ROWS = """Staff no;Work e-mail;Full name;Job title;Line manager;Grade;Career track;Last working day
3001;tomasz.wierzbicki@portolan.example;;Head of Payments;;;;
3002;ana.nova@portolan.example;Ana Nova;Engineer;3001;Senior;Java backend;
3003;bo.li@portolan.example;Bo Li;Engineer;nobody@portolan.example;Principal;;31.02.2026
3004;yuki.tanabe@portolan.example;;;;;;31.12.2031
"""


def test_hr_imports_a_file_and_undoes_it(visit, tmp_path):
    file = tmp_path / "hr-export.csv"
    file.write_text(ROWS, encoding="utf-8")
    hr = visit("benedikte", expected={422})
    hr.goto("/people/")
    hr.get_by_role("link", name="Import").click()
    hr.get_by_role("link", name="Import people").click()
    assert look_over(hr) == []
    hr.get_by_label("File", exact=True).set_input_files(file)
    hr.get_by_role("button", name="Upload file").click()

    expect(hr.get_by_label("Grade", exact=True)).to_have_value("level")
    expect(hr.get_by_label("Last working day", exact=True)).to_have_value("last_day")
    expect(hr.get_by_role("radio", name="31/03/2026")).to_be_checked()
    assert look_over(hr) == []
    hr.get_by_role("button", name="Continue to preview").click()

    refused = hr.get_by_role("row", name="Bo Li")
    for reason in ("Unknown manager", "“31.02.2026” isn’t a date", "“Principal” isn’t a level"):
        expect(refused).to_contain_text(reason)
    assert look_over(hr) == []
    hr.get_by_role("button", name="Apply import").click()
    expect(hr.get_by_text("Fix the file, or choose to skip them.")).to_be_visible()

    hr.get_by_label("Skip the rejected rows").check()
    hr.wait_for_timeout(3_100)  # the same form is not sent twice within three seconds
    hr.get_by_role("button", name="Apply import").click()
    expect(hr.get_by_text("The import was applied.")).to_be_visible()
    assert look_over(hr) == []
    hr.goto("/people/?q=Ana+Nova")
    hr.get_by_role("link", name="Ana Nova").click()
    expect(hr.get_by_text("Tomasz Wierzbicki").first).to_be_visible()

    hr.goto("/people/import/")
    hr.get_by_role("link", name="hr-export.csv").click()
    hr.get_by_role("button", name="Undo import").click()
    expect(hr.get_by_text("Undone by Benedikte Lund")).to_be_visible()
    assert look_over(hr) == []


def test_hr_reads_a_file_another_way_and_drops_a_row(visit, tmp_path):
    file = tmp_path / "export.csv"
    file.write_bytes(
        "who;what\nMail;Wer\nbenedikte.lund@portolan.example;Benedikte\n???;Żaneta\n".encode("cp1250")
    )
    hr = visit("benedikte")
    hr.goto("/people/import/new/")
    hr.get_by_label("File", exact=True).set_input_files(file)
    hr.get_by_role("button", name="Upload file").click()

    expect(hr.get_by_text("so Ladder guessed its encoding")).to_be_visible()
    expect(hr.get_by_role("radio", name="Central European (Windows): Żaneta")).to_be_checked()
    assert look_over(hr) == []
    hr.get_by_role("radio", name="Line 2: Mail · Wer").check()
    hr.get_by_role("button", name="Read file again").click()
    hr.get_by_label("Mail", exact=True).select_option("email")
    hr.get_by_label("Wer", exact=True).select_option("name")
    hr.get_by_role("button", name="Continue to preview").click()
    expect(hr.get_by_role("row", name="Żaneta")).to_contain_text("isn’t an email address: it has no @")
