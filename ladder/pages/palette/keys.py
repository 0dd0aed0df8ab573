"""The keys that work on every page, as the palette lists them."""

from django.utils.translation import gettext_lazy as _

KEYS = [
    (("Ctrl", "K"), _("Open the command palette (⌘ K on a Mac)")),
    (("?",), _("Show these keys")),
    (("↓", "↑"), _("Go through the results")),
    (("Enter",), _("Open the result, or the first one while you type")),
    (("Esc",), _("Close the palette or a menu")),
    (("←", "→"), _("Choose another rating, when one has the focus")),
]
