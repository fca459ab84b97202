"""A mail server on loopback: takes every letter, or refuses every one, and keeps what it took."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """The server with its letters; `refuses` makes it say no to each one."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Talk)
        self.letters: list[EmailMessage] = []
        self.refuses = False

    @property
    def url(self) -> str:
        """Give the setting that leads here."""
        return f"smtp://127.0.0.1:{self.server_address[1]}/no-reply@portal.example"


class Talk(socketserver.StreamRequestHandler):
    """One conversation of RFC 5321, as little of it as a client needs."""

    server: MailServer

    def handle(self) -> None:
        """Answer line by line."""
        self.say(220)
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.strip() else b""
            if verb == b"DATA":
                self.take()
            elif verb == b"MAIL" and self.server.refuses:
                self.say(451)
            elif verb == b"QUIT":
                self.say(221)
                return
            else:
                self.say(250)

    def take(self) -> None:
        """Take a letter to its lone dot."""
        self.say(354)
        body = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            body += line
        self.server.letters.append(message_from_bytes(body, policy=policy.default))
        self.say(250)

    def say(self, code: int) -> None:
        """Answer with a code."""
        self.wfile.write(f"{code} here\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run the server for a while."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
