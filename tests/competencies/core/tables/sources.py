from ..cast import EVERYONE

WHO_MAY = {
    "sources.read_source": {
        "aude": ["covering, draft", "cited, draft", "of nothing"],
        EVERYONE: ["covering, retired", "cited, retired", "covering, published"],
    },
}
