"""What a browser says it is, in two words a person recognises."""

from django.utils.translation import gettext as _

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent):
    """Return `"Firefox on Linux"` for what a browser sent, or as much of it as can be told."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), _("Unknown app"))
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser
