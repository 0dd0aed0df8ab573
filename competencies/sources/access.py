from competencies.access.rules import EVERY_ROW, rule


@rule("sources.read_source", on="sources.Source")
def read_source(person):
    return EVERY_ROW
