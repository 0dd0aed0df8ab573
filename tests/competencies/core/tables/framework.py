from ..cast import EVERYONE

WHO_MAY = {
    "framework.publish_edition": {"aude": ["published", "draft", "retired"]},
    "framework.read_competency": {EVERYONE: ["published", "retired"], "aude": ["draft"]},
    "framework.read_edition": {EVERYONE: ["published", "retired"], "aude": ["draft"]},
    "framework.read_skill": {EVERYONE: ["published", "retired"], "aude": ["draft"]},
    "framework.read_track": {EVERYONE: ["published", "retired"], "aude": ["draft"]},
}
