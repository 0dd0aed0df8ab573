"""The pictures, as SVG strings: the same for the page, where the stylesheet recolours them, and for the PDF."""

from .bars import bars
from .drawing import Series
from .radar import radar
from .spread import spread

__all__ = ["Series", "bars", "radar", "spread"]
