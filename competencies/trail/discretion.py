"""What of the trail stays between its actor and the auditor.

An entry that somebody is writing would give a draft away before its author shows it. The apps name
the actions of which that is so; nobody is shown such entries of others, the auditor apart.

And an entry of what somebody decided for a day to come would tell the person whom it is about before
that day: of such actions `details["on"]` is the day, and the entry is theirs to read from then on.
"""

_quiet = set()
_dated = set()


def keep_quiet(*actions):
    """Show entries of these actions to their actor and the auditor alone. Returns nothing."""
    _quiet.update(actions)


def keep_until_the_day(*actions):
    """Show entries of these actions to whom they are about from the day in `details["on"]` on."""
    _dated.update(actions)


def dated_actions():
    """Return the actions whose entries are kept until their day, in order."""
    return sorted(_dated)


def quiet_actions():
    """Return the actions that are kept quiet, in order."""
    return sorted(_quiet)
