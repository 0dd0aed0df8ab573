"""A wire to PostgreSQL that can be cut, and that can lose what is said over it."""

import re
import socket
import threading
from contextlib import suppress

PREPARED = re.compile(rb'(_pg3_\d+\x00)INSERT INTO "trail_entry"')  # after which its name alone is said


class Wire:
    """Passes on what clients and the server at `port` say; it has a `port` of its own, where to connect.

    While it is `cut`, nobody gets through. `losing` is what becomes of the next COMMIT of a transaction that
    wrote to the trail: None, `"question"` (it never arrives) or `"answer"` (it does, and nobody hears of it).
    """

    def __init__(self, port):
        self.server = ("127.0.0.1", port)
        self.losing, self._cut, self._open = None, False, set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self):
        self._cut = True
        for end in list(self._open):
            self._close(end)

    def mend(self):
        self._cut = False

    def _listen(self):
        while True:
            client, _address = self._listening.accept()
            if self._cut:
                self._close(client)
                continue
            server = socket.create_connection(self.server)
            self._open |= {client, server}
            threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(server, client), daemon=True).start()

    def _ask(self, client, server):
        """Pass on what a client asks, but for a COMMIT that is to be lost."""
        wrote, prepared = False, set()
        with suppress(OSError):
            while said := client.recv(1 << 16):
                prepared |= set(PREPARED.findall(said))
                wrote = wrote or b'INTO "trail_entry"' in said or any(name in said for name in prepared)
                if self.losing and wrote and b"COMMIT" in said:
                    if self.losing == "answer":
                        self._close(client)
                        server.sendall(said)
                        server.recv(1)  # it is kept, or the server would not say anything
                    self.losing = None
                    break
                wrote = wrote and b"COMMIT" not in said
                server.sendall(said)
        self._close(client)
        self._close(server)

    def _pass_on(self, server, client):
        with suppress(OSError):
            while said := server.recv(1 << 16):
                client.sendall(said)
        self._close(client)

    def _close(self, end):
        self._open.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
