from ..company import EVERYONE

WHO_MAY = {
    "sources.read_source": {EVERYONE: ["published", "retired"], "aude": ["draft", "of nothing"]},
}
