"""What of the trail stays between its actor and the auditor.

An entry that somebody is writing would give a draft away before its author shows it. The apps name
the actions of which that is so; nobody is shown such entries of others, the auditor apart.

Of some actions the person whom they are about is told as well, and nobody else: that a draft was opened to
them is between the two.

Of others not even the actor is told: whoever answers a case without a name on it would read the name there.

And an entry of what somebody decided for a day to come would tell the person whom it is about before
that day: of such actions `details["on"]` is the day, and the entry is theirs to read from then on.
"""

_quiet = set()
_between = set()
_dated = set()
_unnamed = set()


def keep_quiet(*actions):
    """Show entries of these actions to their actor and the auditor alone. Returns nothing."""
    _quiet.update(actions)


def keep_between(*actions):
    """Show entries of these actions to their actor, to whom they are about, and to the auditor alone."""
    _between.update(actions)


def keep_to_the_auditor(*actions):
    """Show entries of these actions to the auditor alone, as their actor may not know whom they are about."""
    _quiet.update(actions)
    _unnamed.update(actions)


def keep_until_the_day(*actions):
    """Show entries of these actions to whom they are about from the day in `details["on"]` on."""
    _dated.update(actions)


def dated_actions():
    """Return the actions whose entries are kept until their day, in order."""
    return sorted(_dated)


def actions_of_the_auditor():
    """Return the actions whose entries their actor is not shown either, in order."""
    return sorted(_unnamed)


def quiet_actions():
    """Return the actions that are kept quiet, in order."""
    return sorted(_quiet)


def actions_between():
    """Return the actions whose entries are between their actor and whom they are about, in order."""
    return sorted(_between)
