"""Send a letter by e-mail: one server, plain text, encrypted wherever the server can."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

SECONDS = 15


class NotSent(Exception):
    """The mail server did not take the letter; try again later."""


def send(url: str, *, to: str, subject: str, text: str) -> None:
    """Hand a letter to the server of `smtp://user:password@host:port/sender@address`; raises NotSent."""
    parts = urlsplit(url)
    letter = EmailMessage()
    letter["From"] = Address(addr_spec=unquote(parts.path.lstrip("/")))
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = subject
    letter.set_content(text)
    try:
        with _server(parts.scheme, parts.hostname or "", parts.port or 0) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(type(error).__name__) from error


def _server(scheme: str, host: str, port: int) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
    return server
