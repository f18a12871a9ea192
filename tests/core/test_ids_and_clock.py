from datetime import UTC, date, datetime

from fairapp.core.data import clock, ids

NOON = datetime(2021, 3, 18, 4, 0, tzinfo=UTC)


def test_the_same_seed_tells_the_same_identifiers() -> None:
    def told() -> list[object]:
        with ids.seeded(7), clock.frozen_at(NOON):
            return [ids.new_id(), ids.random_bytes(8), ids.new_id()]

    assert told() == told()
    assert told()[0].version == 7  # type: ignore[attr-defined]


def test_untold_identifiers_differ_and_follow_time() -> None:
    first, second = ids.new_id(), ids.new_id()
    assert first < second
    assert ids.random_bytes(16) != ids.random_bytes(16)


def test_a_told_identifier_stands_at_its_moment() -> None:
    with ids.seeded(1), clock.frozen_at(NOON):
        assert ids.new_id().int >> 80 == int(NOON.timestamp() * 1000)
    assert clock.now() != NOON


def test_a_fairs_day_is_its_own() -> None:
    late = datetime(2021, 3, 18, 17, 0, tzinfo=UTC)
    assert clock.day_in_zone(late, "Asia/Shanghai") == date(2021, 3, 19)
    assert clock.day_in_zone(late, "America/New_York") == date(2021, 3, 18)
    assert clock.from_zone(datetime(2021, 3, 18, 9, 0), "Asia/Shanghai") == datetime(2021, 3, 18, 1, 0, tzinfo=UTC)
