WHO_MAY = {
    "promotions.decide_case": {
        "hana hugo": ["proposed", "proposed by Fay", "proposed by Dora", "proposed by Noor"],
        "hugo": ["proposed of HR", "proposed by HR", "proposed by HR before the move"],
    },
    "promotions.nominate_person": {
        "mara": ["lena", "stella"],
        "dora": ["mara", "fay", "finn", "noor", "hana", "aude"],
        "noor": ["kit", "lars"],
        "hana": ["ines"],
        "ines": ["ida"],
        "stella": ["jo"],
    },
    "promotions.read_case": {
        "mara": ["draft", "dropped", "decided as a draft"],
        "lena mara dora hana hugo": [
            "proposed",
            "withdrawn",
            "decided",
            "proposed by Fay",
            "decided by Fay",
            "proposed by Dora",
        ],
        "dora": ["draft of HR"],
        "dora hana hugo": ["proposed of HR", "decided of HR"],
        "hana": ["draft by HR"],
        "dora hana hugo ines": ["proposed by HR"],
        "mara dora stella hana hugo jo": ["proposed by HR before the move"],
        "dora noor kit hana hugo": ["proposed by Noor"],
    },
    "promotions.read_rationale": {
        "mara dora hana hugo": ["decided", "decided by Fay"],
        "mara": ["decided as a draft"],
        "dora hugo": ["decided of HR"],
    },
    "promotions.withdraw_case": {
        "mara": ["draft"],
        "mara hana hugo": ["proposed"],
        "hana hugo": [
            "proposed by Fay",
            "proposed by Dora",
            "proposed by HR",
            "proposed by HR before the move",
        ],
        "dora": ["draft of HR"],
        "dora hugo": ["proposed of HR"],
        "hana": ["draft by HR"],
        "noor hana hugo": ["proposed by Noor"],
    },
    "promotions.write_case": {"mara": ["draft"], "dora": ["draft of HR"], "hana": ["draft by HR"]},
    "promotions.write_claim": {"mara": ["draft"], "dora": ["draft of HR"], "hana": ["draft by HR"]},
    "promotions.write_story": {"mara": ["draft"], "dora": ["draft of HR"], "hana": ["draft by HR"]},
}
WHO_MAY["promotions.read_readiness"] = WHO_MAY["promotions.read_case"]
