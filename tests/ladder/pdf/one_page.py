"""A document of one page with the data of a packet, where nobody reads the pages: it takes a twentieth."""

from competencies.trail.models import canonical
from ladder.pdf.child import child


def one_page(content, *, to):
    """Print the number of a packet to the file `to`, as `typeset` prints all of it; return the `Typeset`."""
    number, moment = content["packet"]["number"], content["packet"]["frozen_at"]
    markup = f"<html lang=en><title>{number}</title><p>{number}"
    return child.typeset(markup, canonical(content).encode(), name=f"{number}.json", moment=moment, to=to)
