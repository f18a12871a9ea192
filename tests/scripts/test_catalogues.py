from pathlib import Path

import pytest

from scripts import catalogues

PAGE = "<p>{{ _('Hold booth') }} {% trans count=3 %}{{ count }} booths{% endtrans %}</p>"
CODE = "from x import _\n_('%(name)s is taken', name=1)\n"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program with one feature of one page and one module."""
    (tmp_path / "fairapp" / "booths").mkdir(parents=True)
    (tmp_path / "fairapp" / "booths" / "__init__.py").write_text(CODE)
    (tmp_path / "templates" / "booths").mkdir(parents=True)
    (tmp_path / "templates" / "booths" / "list.html").write_text(PAGE)
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "PROGRAM", tmp_path / "fairapp")
    monkeypatch.setattr(catalogues, "TEMPLATES", tmp_path / "templates")
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path / "po")
    return tmp_path


def translate(house: Path, english: str, chinese: str) -> None:
    path = house / "po" / "booths.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{chinese}"'), encoding="utf-8"
    )


def test_what_is_new_is_asked_for_and_what_is_there_is_kept(house: Path) -> None:
    catalogues.update("booths")
    translate(house, "Hold booth", "保留展位")
    catalogues.update("booths")
    assert "保留展位" in (house / "po" / "booths.po").read_text(encoding="utf-8")
    assert len(list(catalogues.problems("booths"))) == 2


def test_a_translation_that_is_no_longer_used_is_kept_aside(house: Path) -> None:
    catalogues.update("booths")
    translate(house, "Hold booth", "保留展位")
    (house / "templates" / "booths" / "list.html").write_text("<p></p>")
    assert any("no longer used" in problem for problem in catalogues.problems("booths"))
    catalogues.update("booths")
    assert '#~ msgstr "保留展位"' in (house / "po" / "booths.po").read_text(encoding="utf-8")


def test_placeholders_must_be_the_same(house: Path) -> None:
    catalogues.update("booths")
    translate(house, "Hold booth", "保留展位")
    translate(house, "%(count)s booths", "%(count)s 个展位")
    translate(house, "%(name)s is taken", "%(nom)s 已被占用")
    assert [problem.split(":")[-1] for problem in catalogues.problems("booths")] == [
        " '%(name)s is taken' and '%(nom)s 已被占用' have different placeholders"
    ]
