"""Mail over SMTP: one message as text and as HTML of equal content, without scripts, tracking or remote pictures."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import headerregistry
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from types import MappingProxyType
from typing import Any, Literal, cast
from urllib.parse import quote, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from integrations.channels import Channel, Surroundings
from integrations.channels.message import Link, Message, Section
from integrations.clock import Clock, wall_clock
from integrations.errors import AdapterError, GiveUp, OperatorNeeded, RetryLater

TIMEOUT_S = 15.0
KEPT_ANSWER_CHARS = 500
ACCEPTED = "accepted by mail server"

#: Replies of a mail server that concern our sign-in, not the runner's address (RFC 4954).
SIGN_IN_REPLIES = {530, 534, 535, 538}

# Everything that ends a line for somebody, controls a terminal, or cannot be encoded.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
WEB_URL = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)
HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(?P<port>[^:]{0,9}))?", re.IGNORECASE)

NO_SOURCES: Mapping[str, str] = MappingProxyType({})

Security = Literal["plain", "starttls", "tls"]

SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("plain", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


class Address(BaseModel):
    """A mail address in ASCII, which every mail server takes; domains in other letters are kept in their ASCII form."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    email: str

    @field_validator("email")
    @classmethod
    def _check_email(cls, email: str) -> str:
        try:
            parts = validate_email(email.strip(), check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError as error:
            raise ValueError(f"This is not a mail address: {error}") from None
        return str(parts.ascii_email)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and how the connection is secured. With an empty `user` nobody signs in."""

    host: str
    port: int
    security: Security
    user: str
    password: SecretStr


def parse_smtp_url(url: str | SecretStr) -> MailServer:
    """Read `smtp://`, `smtp+starttls://` or `smtps://[user:password@]host[:port]`. One-line ValueError, no secrets."""
    text = url.get_secret_value() if isinstance(url, SecretStr) else url
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        # urlsplit quotes what it stumbles over, which may be the password.
        raise ValueError("names no mail server: write smtp+starttls://mail.example.org:587") from None
    if parts.scheme not in SCHEMES:
        raise ValueError("has to start with smtp://, smtp+starttls:// or smtps://, e.g. smtps://user:password@host:465")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.netloc.count("@") > 1:
        raise ValueError("has to end after host and port; write / ? # @ : in user or password as %2F %3F %23 %40 %3A")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("needs user and password together, as user:password@host, or neither")
    security, usual_port = SCHEMES[parts.scheme]
    host, port = _host_and_port(parts.netloc.rpartition("@")[2], usual_port)
    return MailServer(host, port, security, unquote(parts.username or ""), SecretStr(unquote(parts.password or "")))


def _host_and_port(text: str, usual_port: int) -> tuple[str, int]:
    found = HOST_AND_PORT.fullmatch(text)
    if found is None:
        raise ValueError("names no mail server: write smtp+starttls://mail.example.org:587")
    port = found["port"] or str(usual_port)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("has no valid port: write a number from 1 to 65535 after the host, as host:587")
    return found["host"].strip("[]").lower(), int(port)


class EmailChannel:
    """Hands each message to one mail server. Building it checks the sender's address, so a wrong one fails at start."""

    code: str = "email"
    Address: type[BaseModel] = Address

    def __init__(
        self,
        server: MailServer,
        surroundings: Surroundings,
        *,
        clock: Clock = wall_clock,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._sender = mailbox(surroundings.mail_from, surroundings.instance_name)
        self._reply_to = mailbox(surroundings.operator_email) if surroundings.operator_email else None
        self._instance_name = printable(surroundings.instance_name)
        self._pictures = surroundings.pictures
        self._clock = clock
        self._tls = tls or ssl.create_default_context()

    def send(self, address: Any, message: Message) -> str:
        """Hand in one mail. Raises `RetryLater`, `GiveUp` (this runner's address) or `OperatorNeeded` (our sign-in)."""
        mail = self.compose(address.email, message)
        try:
            with self._session() as smtp:
                smtp.send_message(mail, self._sender.addr_spec, [address.email])
        except OSError as error:  # smtplib's own errors are OSErrors, too
            raise verdict(error, address.email) from error
        return ACCEPTED

    def compose(self, recipient: str, message: Message) -> EmailMessage:
        """The mail itself. The same message makes the same mail but for its Date."""
        message = cleaned(message)
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = self._sender
        mail["To"] = mailbox(recipient)
        if self._reply_to:
            mail["Reply-To"] = self._reply_to
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = f"<{quote(message.id, safe='')}@{self._sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(as_text(message, self._instance_name), cte="quoted-printable")
        pictures = self._pictures_of(message)
        sources = {code: f"cid:{self._content_id(code)}" for code in pictures}
        html = as_html(message, self._instance_name, sources)
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
        shown = cast(EmailMessage, mail.get_body(("html",)))
        for code, png in pictures.items():
            # Inside the mail, so that it shows with remote pictures off and nobody learns that the mail was opened.
            shown.add_related(png, "image", "png", cid=f"<{self._content_id(code)}>", disposition="inline")
        return mail

    def _pictures_of(self, message: Message) -> dict[str, bytes]:
        """The drawings of a message as PNG, by their codes; one that there is not stands in words alone."""
        wanted = dict.fromkeys(section.picture.code for section in message.sections if section.picture)
        drawn = {code: self._pictures(code) for code in wanted}
        return {code: png for code, png in drawn.items() if png is not None}

    def _content_id(self, code: str) -> str:
        return f"{quote(code, safe='')}@{self._sender.domain}"

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        smtp = self._connect()
        try:
            self._sign_in(smtp)
            yield smtp
        finally:
            # An accepted mail stays accepted, however the goodbye goes.
            with suppress(OSError):
                smtp.quit()

    def _connect(self) -> smtplib.SMTP:
        # The name is given because smtplib would otherwise ask DNS for our own, without a time limit.
        name = self._sender.domain
        if self._server.security == "tls":
            return smtplib.SMTP_SSL(self._server.host, self._server.port, name, timeout=TIMEOUT_S, context=self._tls)
        return smtplib.SMTP(self._server.host, self._server.port, name, timeout=TIMEOUT_S)

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        try:
            if self._server.security == "starttls":
                smtp.starttls(context=self._tls)
            if self._server.user:
                smtp.login(self._server.user, self._server.password.get_secret_value())
        except smtplib.SMTPNotSupportedError as error:
            raise OperatorNeeded(f"the mail server does not offer what AFTERRUN_SMTP_URL asks for: {error}") from error


def build(surroundings: Surroundings) -> Channel | None:
    """The channel, or None without a mail server. ValueError in one line if the server or a sender is wrong."""
    if surroundings.smtp_url is None:
        return None
    return EmailChannel(parse_smtp_url(surroundings.smtp_url), surroundings)


def mailbox(address: str, name: str = "") -> headerregistry.Address:
    """An address for a header; a name inside `address` wins over `name`. ValueError if it is none."""
    own_name, spec = parseaddr(printable(address))
    try:
        return headerregistry.Address(display_name=own_name or printable(name), addr_spec=spec)
    except (MessageError, ValueError, IndexError):
        raise ValueError(f"{address!r} is not a mail address; write it as runs@example.org") from None


def verdict(error: OSError, recipient: str = "") -> AdapterError:
    """What a failed hand-in means. 4xx and broken connections pass; 5xx stay, and concern this runner's address or
    this message only where the server says so of one of them: everywhere else it is us whom the server refuses.
    """
    code, answer = _reply(error)
    told = f"the mail server answered {code}: {answer}" if code else f"the mail server cannot be reached: {answer}"
    told = printable(told.replace(recipient, "…") if recipient else told)[:KEPT_ANSWER_CHARS]
    if not 500 <= code < 600:
        return RetryLater(told)
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) and code not in SIGN_IN_REPLIES:
        return GiveUp(told)
    return OperatorNeeded(told)


def _reply(error: OSError) -> tuple[int, str]:
    """Code and text of the server's reply, code 0 where it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _decoded(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _decoded(error.smtp_code, error.smtp_error)
    return 0, str(error) or type(error).__name__


def _decoded(code: int, answer: bytes | str) -> tuple[int, str]:
    return code, answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def printable(text: str) -> str:
    """The text without line breaks and control characters: names of activities are written by anyone."""
    return UNPRINTABLE.sub(" ", text)


def cleaned(message: Message) -> Message:
    """The message with every word printable; what machines read is left out, a mail has no place for it."""
    return Message.model_validate(_printable_all(message.model_dump(exclude={"data"})))


def _printable_all(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable_all(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_printable_all(item) for item in value)
    return value


def web_url(url: str) -> str:
    """The address if it is plain http(s), else nothing: a mail links to nothing else."""
    return url if WEB_URL.fullmatch(url) else ""


def as_text(message: Message, instance_name: str) -> str:
    """The plain part: the same words in the same order as the HTML."""
    parts = [message.lead, *map(_section_text, message.sections)]
    footer = ["-- ", instance_name, *message.footer, *map(_link_text, message.footer_links)]
    return "\n\n".join([*filter(None, parts), "\n".join(footer)]) + "\n"


def _section_text(section: Section) -> str:
    heading = [section.heading, "-" * min(len(section.heading), 60)] if section.heading else []
    lines = _numbered(section.lines) if is_steps(section) else section.lines
    rows = [f"{label}: {value}" for label, value in section.rows]
    shown = [f"[{section.picture.alt}]"] if section.picture else []
    text = "\n".join([*heading, *lines, *rows, *shown, *map(_link_text, section.links)])
    return "\n".join(f"> {line}" for line in text.split("\n")) if section.role == "example" else text


def _numbered(lines: tuple[str, ...]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, 1)]


def _link_text(link: Link) -> str:
    url = web_url(link.url)
    return f"{link.text}: {url}" if url else link.text


def is_steps(section: Section) -> bool:
    """Are these lines steps to follow in order?"""
    return section.role == "prompt" and len(section.lines) > 1


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("integrations.channels"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["web_url"] = web_url
    environment.tests["steps"] = is_steps
    return environment


TEMPLATES = _environment()


def as_html(message: Message, instance_name: str, sources: Mapping[str, str] = NO_SOURCES) -> str:
    """The HTML part, readable at 320 px, in light and in dark. `sources` are the addresses of drawings, by code."""
    language = message.language.replace("_", "-")
    return TEMPLATES.get_template("message.html").render(
        message=message, language=language, instance_name=instance_name, sources=sources
    )
