"""A company whose cases can be printed, in an empty database; prints what speaks for its HR, as JSON.

python -m tests.outages.company 4
"""

import json
import sys

from tests.exports.founding import found, set_up


def main(cases):
    set_up()
    from competencies.people.models import Token
    from competencies.promotions.models import PromotionCase

    hana = found(cases)
    hana.set_password("hana of bulk")
    hana.save()
    _token, key = Token.issue(hana, by=None, label="Outages", scope=Token.Scope.WRITE)
    told = {
        "token": key,
        "email": hana.email,
        "cases": list(PromotionCase.objects.values_list("pk", flat=True)),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
