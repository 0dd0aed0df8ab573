from django.db import migrations, models

from competencies.trail.closing import Close

OF_HR = (
    "EXISTS (SELECT 1 FROM {table:promotions.ballot} b"
    " JOIN {table:promotions.hearing} h ON h.id = b.hearing_id"
    " JOIN {table:people.rolegrant} g ON g.person_id = b.person_id"
    " WHERE b.id = {row}.ballot_id AND h.masked AND g.role = 'hr' AND g.revoked_at IS NULL)"
)


class Migration(migrations.Migration):
    dependencies = [("promotions", "0013_close_hearings"), ("people", "0012_former_names")]
    operations = [
        migrations.AlterField(
            "recusal",
            "ground",
            models.CharField(
                choices=[
                    ("self", "the candidate"),
                    ("chain", "in the candidate's reporting line"),
                    ("sponsor", "sponsor of the case"),
                    ("presenter", "presents the case"),
                    ("endorser", "was asked to endorse the candidate"),
                    ("sat-before", "sat in the first hearing"),
                    ("hr", "is of HR, which reads every case by name"),
                    ("declared", "declared a conflict"),
                    ("absent", "could not take part"),
                ],
                max_length=12,
                verbose_name="ground",
            ),
        ),
        Close("casting", on=("insert",), when=OF_HR, reason="Where names are hidden, nobody of HR votes."),
    ]
