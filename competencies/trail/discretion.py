"""What of the trail stays between its actor and the auditor.

An entry that somebody is writing would give a draft away before its author shows it. The apps name
the actions of which that is so; nobody is shown such entries of others, the auditor apart.
"""

_quiet = set()


def keep_quiet(*actions):
    """Show entries of these actions to their actor and the auditor alone. Returns nothing."""
    _quiet.update(actions)


def quiet_actions():
    """Return the actions that are kept quiet, in order."""
    return sorted(_quiet)
