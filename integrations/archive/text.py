"""Text in the encodings that lists come in."""

from __future__ import annotations

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def is_utf16(head: bytes) -> bool:
    return head.startswith(_UTF16)


def encoding_of(head: bytes) -> str:
    """UTF-8, or UTF-16 with a byte order mark, else Windows' western code page.

    A header that is UTF-8 speaks for the whole file: a single broken byte in a title must not turn every accent.
    """
    if is_utf16(head):
        return "utf-16"
    try:
        head.partition(b"\n")[0].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def decoded(data: bytes) -> str:
    """Text in the encoding that its beginning shows; damage shows as U+FFFD."""
    return data.decode(encoding_of(data), errors="replace")
