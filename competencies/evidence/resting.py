"""What keeps a piece of evidence where it is: the apps above say what of theirs rests on it."""

_reasons = []


def keeps(reason):
    """Register `reason(evidence, by)`: the words in which `by` is told what rests on it, or None.

    It may only speak of what `by` can read: that somebody's draft rests on a piece is nobody else's to know.
    """
    _reasons.append(reason)
    return reason


def reason_to_stay(evidence, by):
    """Return the first reason why `evidence` cannot be withdrawn, in words for `by`, or None."""
    return next(filter(None, (reason(evidence, by) for reason in _reasons)), None)
