from competencies.framework.loading import load
from tests.scenes import scene

TINY = """\
format: 1
framework: {key: tiny, title: Tiny}
sources:
  - key: "900"
    title: A maker
    covers: [{track: web, level: low}]
    passages:
      - {n: 1, gist: Makes things., terms: [making, things]}
      - {n: 2, gist: Guides people., text: They guide people.}
scale:
  - {key: not-yet, label: Not yet, anchor: Not seen., value: 1}
  - {key: consistent, label: Consistent, anchor: Seen., value: 2, bar: true}
  - {key: not-observed, label: Not observed, anchor: No occasion.}
levels:
  - {key: low, title: Low, rung: 1, scope: Own work.}
  - {key: high, title: High, rung: 2, scope: All work., includes: [low], cites: ["900 s2"]}
tracks:
  - {key: web, title: Web, summary: Makes pages.}
  - {key: data, title: Data, summary: Makes tables., cites: ["900 s1"]}
areas:
  - key: craft
    title: Craft
    competencies:
      - key: making
        title: Making
        summary: Makes things.
        evidence: [{text: A thing}, {text: Many things, level: high}]
        expectations:
          low:
            summary: Makes small things.
            behaviours:
              - {text: Makes one thing., cites: ["900 s1"]}
          high:
            summary: Makes large things.
            pitfall: Makes nothing.
            cites: ["900 s2"]
            behaviours:
              - {text: Makes many things., cites: ["900 s1"], inferred: split}
              - {text: Guides makers., cites: ["900 s2"], inferred: "split, borrowed", track: web}
              - {text: Makes on time., cites: ["900 s1", "900 s2"]}
skills:
  - key: paper
    title: Paper
    competency: making
    per_track:
      web: {class: any-of, choice: material, note: "Paper: one of several", cites: ["900 s1"]}
      data: {class: required}
  - key: wood
    title: Wood
    competency: making
    per_track:
      web: {class: any-of, choice: material}
      data: {class: any-of, choice: material}
"""


@scene
def tiny(db):
    """A draft of the smallest ladder that has everything."""
    return load(TINY.encode(), file="tiny.yaml", by=None)
