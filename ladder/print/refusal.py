class TypesettingFailed(Exception):
    """The packet could not be typeset; `str()` says why, for the person who asked."""
