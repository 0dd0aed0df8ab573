"""The pictures, as SVG strings: the same for the PDF and for the page, where the theme recolours them."""

from .bars import bars
from .codes import code
from .drawing import Series
from .radar import radar
from .spread import spread
from .strip import strip

__all__ = ["Series", "bars", "code", "radar", "spread", "strip"]
