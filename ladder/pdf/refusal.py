class TypesettingFailed(Exception):
    """The packet could not be typeset; `str()` says why, for the person who asked.

    `letters`: those that no typeface here has, where that is why.
    """

    def __init__(self, reason, *, letters=""):
        super().__init__(reason)
        self.letters = letters
