WHO_MAY = {
    "jobs.read_job": {
        "hugo": [
            f"by Hugo{which}, {state}"
            for which in ("", ", paused", ", cancelled", ", expiring")
            for state in ("waiting", "failed", "made")
        ]
        + ["by Hugo, cancelled, dropped", "by Hugo, waiting, of a draft"],
        "hana": [f"by Hana, {state}" for state in ("waiting", "failed", "made", "made, of herself")],
        "fay": [f"by Fay, who was of HR, {state}" for state in ("waiting", "failed", "made")],
    },
    "jobs.count_jobs": {"hana hugo otto": ["here"]},
}
