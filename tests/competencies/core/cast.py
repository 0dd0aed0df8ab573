"""Who is in the company of the table, and spans of time."""

from datetime import date, timedelta

LONG_AGO = date(2024, 1, 1)
DAY, MONTH = timedelta(days=1), timedelta(days=30)
CAST = (
    "lena", "mara", "fay", "finn", "dora", "stella", "noor", "kit", "hana", "hugo", "ines", "ida", "jo",
    "aude", "otto", "lars", "lou", "nemo", "gone",
)  # fmt: skip
CHANGING = ("Lena", "Hana", "Lars", "Ida")
EVERYONE = " ".join(name for name in CAST if name not in ("lou", "nemo", "gone"))
