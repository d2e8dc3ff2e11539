"""The template that translators start from. `python -m tests.catalogue` writes it anew after words have changed."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "service" / "locale" / "afterrun.pot"
#: What would make every template a new one: dates, and the version of the tool.
FLEETING = re.compile(rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By): .*\n', re.MULTILINE)
HEADER = """\
# Afterrun's words. To translate: copy to service/locale/<language>/LC_MESSAGES/afterrun.po and fill in each msgstr.
# What stands as %(name)s is replaced by numbers and names; the words of exercises stand in rules/advice/texts/."""


def extract() -> Catalog:
    """Every text of rules/, service/ and its pages that is marked for translation, as babel.cfg says."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    catalog = Catalog(project="Afterrun", header_comment=HEADER, fuzzy=False)
    found = extract_from_dir(ROOT, methods, options, DEFAULT_KEYWORDS, comment_tags=("Translators:",))
    for file, line, text, comments, context in found:
        message = catalog.add(text, None, [(Path(file).as_posix(), line)], auto_comments=comments, context=context)
        if "%(" not in str(message.id):
            message.flags.discard("python-format")  # "60 % above" is no format: all of ours are named
    return catalog


def template() -> bytes:
    """The template as it has to stand in the repository: without dates and line numbers, in order of files."""
    content = BytesIO()
    write_po(content, extract(), width=120, sort_by_file=True, include_lineno=False)
    return FLEETING.sub(b"", content.getvalue())


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(template())
