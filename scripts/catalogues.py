"""The translations: one catalogue a feature, English in the source, Chinese in the .po.

python -m scripts.catalogues update [FEATURE…]   extracts and updates the .po files; no translation is lost
python -m scripts.catalogues compile             makes the .mo files
python -m scripts.catalogues check               fails when a text is missing, stale, fuzzy or has other placeholders
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "fairapp"
TEMPLATES = ROOT / "templates"
CATALOGUES = PROGRAM / "translations" / "zh_Hans" / "LC_MESSAGES"
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
JINJA = {"silent": "false", "trimmed": "true", "encoding": "utf-8"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]")


def features() -> list[str]:
    return sorted(path.parent.name for path in PROGRAM.glob("*/__init__.py"))


def sources(feature: str) -> Iterator[Path]:
    """The files whose texts belong to a feature; core has what belongs to no other."""
    yield from sorted((PROGRAM / feature).rglob("*.py"))
    if feature == "core":
        yield from sorted(PROGRAM.glob("*.py"))
        others = set(features()) - {"core"}
        yield from (path for path in templates() if not others & set(path.relative_to(TEMPLATES).parts[:2]))
    else:
        yield from (path for path in templates() if feature in path.relative_to(TEMPLATES).parts[:-1][:2])


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})


def extracted(feature: str) -> Catalog:
    """A catalogue of the texts in the source."""
    catalogue = Catalog(locale="zh_Hans", project="FairApp", charset="utf-8")
    for path in sources(feature):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {} if path.suffix == ".py" else JINJA
        name = path.relative_to(ROOT).as_posix()
        for _line, text, _comments, context in extract_from_file(method, path, KEYWORDS, (), options):
            catalogue.add(text, locations=[(name, 0)], context=context)
    return catalogue


def stored(feature: str) -> Catalog:
    path = CATALOGUES / f"{feature}.po"
    if not path.exists():
        return Catalog(locale="zh_Hans", project="FairApp", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain=feature)


def update(feature: str) -> None:
    source = extracted(feature)
    catalogue = stored(feature)
    if not len(source) and not len(catalogue):
        return
    catalogue.update(source, no_fuzzy_matching=True, update_creation_date=False)
    CATALOGUES.mkdir(parents=True, exist_ok=True)
    with (CATALOGUES / f"{feature}.po").open("wb") as file:
        write_po(file, catalogue, width=120, no_location=True, sort_output=True)
    missing = sum(1 for message in catalogue if message.id and not complete(message))
    if missing:
        print(f"{feature}.po: {missing} of {len(catalogue)} texts wait for a translation")


def texts(message: Message) -> tuple[list[str], list[str]]:
    """The English and the Chinese forms."""
    source = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
    target = list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]
    return source, target


def complete(message: Message) -> bool:
    return all(texts(message)[1])


def problems(feature: str) -> Iterator[str]:
    source, catalogue = extracted(feature), stored(feature)
    for message in source:
        if message.id and catalogue.get(message.id, message.context) is None:
            yield f"{feature}.po has no {message.id!r} ({message.locations[0][0]}); run `make po`"
    for message in catalogue:
        if not message.id:
            continue
        english, chinese = texts(message)
        if source.get(message.id, message.context) is None:
            yield f"{feature}.po: {message.id!r} is no longer used; run `make po`"
        elif not complete(message):
            yield f"{feature}.po: {message.id!r} has no translation"
        elif message.fuzzy:
            yield f"{feature}.po: {message.id!r} is fuzzy"
        elif any(placeholders(text) - placeholders(english[-1]) for text in chinese) or (
            len(english) == 1 and placeholders(english[0]) != placeholders(chinese[0])
        ):
            yield f"{feature}.po: {message.id!r} and {chinese[0]!r} have different placeholders"


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def compile_all() -> None:
    for path in sorted(CATALOGUES.glob("*.po")):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        catalogue = stored(path.stem)
        with compiled.open("wb") as file:
            write_mo(file, catalogue)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update", *names]:
            for feature in names or features():
                update(feature)
            compile_all()
        case ["compile"]:
            compile_all()
        case ["check", *names]:
            found = [problem for feature in names or features() for problem in problems(feature)]
            print("\n".join(found), file=sys.stderr)
            return 1 if found else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
