"""The settings of a fair's counting and naming: small cells, country groups and names, the last edition, the sample."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped


class CountingSettings(FairScoped):
    """Settings of a fair, one row at most: people below `small_cells` are kept back (0: none); the sample's seed.

    `sample_seed` (hex) draws the audit pack's sample, the same one each time.
    """

    __tablename__ = "counting_settings"

    small_cells: Mapped[int] = mapped_column(default=0)
    sample_seed: Mapped[str] = mapped_column(String(32), default="")

    __table_args__ = (
        UniqueConstraint("fair_id", name="uq_counting_settings_fair"),
        CheckConstraint("small_cells BETWEEN 0 AND 100", name="small_cells_small"),
    )


class NamedCountryGroup(FairScoped):
    """A group of countries and regions as the organiser dates, names and fills it; `members` are ISO 3166 codes.

    One with the key of a group that comes with the program stands in its place; without members it hides it.
    """

    __tablename__ = "country_groups"

    key: Mapped[str] = mapped_column(String(40))
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(String(300), default="")
    members: Mapped[str] = mapped_column(String(1000), default="")
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (UniqueConstraint("fair_id", "key", name="uq_country_groups_key"),)


class CountryName(FairScoped):
    """The organiser's name for a country or region in its publications."""

    __tablename__ = "country_names"

    code: Mapped[str] = mapped_column(String(2))
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))

    __table_args__ = (UniqueConstraint("fair_id", "code", name="uq_country_names_code"),)


class LastEdition(FairScoped):
    """The figures of the edition before, by name (counting/last_edition.py); USD in minor units.

    `source` says where they come from: typed by whom, or the file they were read from with its SHA-256.
    """

    __tablename__ = "last_editions"

    name_zh: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(400), default="")
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (UniqueConstraint("fair_id", name="uq_last_editions_fair"),)
