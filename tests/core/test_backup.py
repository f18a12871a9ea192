from pathlib import Path

import pytest
from apiflask import APIFlask

from fairapp.core.data.backup import back_up
from fairapp.core.data.db import db, dialect, sqlite
from fairapp.core.errors import DomainError
from tests.factories.foundation import make_fair


def test_a_backup_is_a_whole_database(own_database: APIFlask, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with own_database.app_context():
        make_fair("kept-fair")
        if dialect() != "sqlite":
            with pytest.raises(DomainError, match="not_sqlite"):
                back_up(target)
            assert not target.exists()
            return
        back_up(target)
        (taken := tmp_path / "copies" / "taken").mkdir(parents=True)
        with pytest.raises(OSError):
            back_up(taken)
        assert list(taken.parent.iterdir()) == [taken]
        db.session.remove()
    with sqlite.connect(str(target)) as copy:
        assert copy.execute("SELECT code FROM fairs").fetchall() == [("kept-fair",)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
