"""What no page may do in a browser, whatever the journey: written down as it happens."""

import re

TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.effectiveDirective} refused ${event.blockedURI}`));
"""
STATUS_LINE = re.compile(r"Failed to load resource: the server responded with a status of \d+")
OF_HTMX = re.compile(r"Response Status Error Code (\d+)")
OFFLINE = re.compile(r"net::ERR_INTERNET_DISCONNECTED|htmx:sendError|htmx:afterRequest")
PATH_OF_HTMX = "htmx-current-path-for-history"  # an address, not what stood on the page


class Watch:
    """Watches all pages of a browser context; `faults` is what they did wrong.

    An answer of 400 or above is a fault unless it is among `expected`, and a request that does not reach
    the server is one unless the test has said `offline`.
    """

    def __init__(self, context, address, expected=()):
        self.context, self.address = context, address
        self.expected = set(expected)
        self.offline = False
        self.friends = ()  # addresses of others that the journey is about
        self.faults = []
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._heard)
        context.on("weberror", self._broke)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)

    def told(self):
        """Return what the pages did wrong since this was last asked."""
        self.look_into_storage()
        found, self.faults = self.faults, []
        return found

    def look_into_storage(self):
        """Note what the pages that are still open keep in the browser."""
        keys = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
        for page in self.context.pages:
            if page.url.startswith(self.address) and (kept := set(page.evaluate(keys)) - {PATH_OF_HTMX}):
                self._note(f"kept in the browser by {page.url}: {kept}")

    def _heard(self, message):
        expected = STATUS_LINE.match(message.text) or (self.offline and OFFLINE.search(message.text))
        if refused := OF_HTMX.match(message.text):
            expected = int(refused[1]) in self.expected
        expected = expected or (message.page and message.page.url.startswith(self.friends))
        if message.type in ("error", "warning") and not expected:
            self._note(f"console {message.type} on {message.page and message.page.url}: {message.text}")

    def _broke(self, error):
        if not (error.page and error.page.url.startswith(self.friends)):
            self._note(f"error on the page: {error.error}")

    def _asked(self, request):
        if not request.url.startswith((self.address, *self.friends, "data:", "blob:")):
            self._note(f"request to somebody else: {request.url}")

    def _answered(self, response):
        ours = not response.url.startswith(self.friends)
        if ours and response.status >= 400 and response.status not in self.expected:
            self._note(f"{response.status} for {response.request.method} {response.url}")

    def _failed(self, request):
        left_the_page = request.failure == "net::ERR_ABORTED"
        if not left_the_page and not self.offline:
            self._note(f"{request.failure} for {request.method} {request.url}")

    def _note(self, fault):
        self.faults.append(fault)
