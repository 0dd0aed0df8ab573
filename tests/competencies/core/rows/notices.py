"""Letters: to whom, and ordered by whom."""

from competencies.notices.models import Letter


def make_letters(people):
    def letter(to, by):
        return Letter.order("account", to=people.get(to), by=people.get(by))

    return {
        "to Lena": letter("lena", None),
        "to Lena by Hugo": letter("lena", "hugo"),
        "outside by Mara": letter(None, "mara"),
        "to Lou, who left, by Hana": letter("lou", "hana"),
        "to nobody": letter(None, None),
    }
