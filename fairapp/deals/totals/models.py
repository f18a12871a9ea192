"""The sums over deals, kept as entries are appended."""

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data.db import FairScoped


class DealTotals(FairScoped):
    """One row for each group (`dimension`, `key`), sum (`counts_as`) and tier; see totals/rules.py.

    Confirmed deals are among the declared, verified among both; sums hold converted deals only, which are neither
    held nor void. The other columns count what stands outside the sums. Money in minor units.
    """

    __tablename__ = "deal_totals"

    dimension: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(64))
    counts_as: Mapped[str] = mapped_column(String(12))
    tier: Mapped[str] = mapped_column(String(12))
    label_zh: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200))
    declared_count: Mapped[int] = mapped_column(default=0)
    declared_usd: Mapped[int] = mapped_column(BigInteger, default=0)
    declared_cny: Mapped[int] = mapped_column(BigInteger, default=0)
    confirmed_count: Mapped[int] = mapped_column(default=0)
    confirmed_usd: Mapped[int] = mapped_column(BigInteger, default=0)
    confirmed_cny: Mapped[int] = mapped_column(BigInteger, default=0)
    verified_count: Mapped[int] = mapped_column(default=0)
    verified_usd: Mapped[int] = mapped_column(BigInteger, default=0)
    verified_cny: Mapped[int] = mapped_column(BigInteger, default=0)
    without_rate_count: Mapped[int] = mapped_column(default=0)
    held_count: Mapped[int] = mapped_column(default=0)
    held_usd: Mapped[int] = mapped_column(BigInteger, default=0)
    disputed_count: Mapped[int] = mapped_column(default=0)
    disputed_usd: Mapped[int] = mapped_column(BigInteger, default=0)
    void_count: Mapped[int] = mapped_column(default=0)
    executed_usd: Mapped[int] = mapped_column(BigInteger, default=0)  # in the dimensions of outcomes alone

    __table_args__ = (
        UniqueConstraint("fair_id", "dimension", "key", "counts_as", "tier", name="uq_deal_totals_group"),
    )
