"""What people are told when HR changes how they get in."""

from ladder.web.email import Mail


def second_factor_reset(letter):
    """Write to a person who is here that HR took off their second factor."""
    if letter.by is None or not letter.receiver.is_active:
        return None
    return Mail("organisation/mail/second_factor_reset", {"by": letter.by})
