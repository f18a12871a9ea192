"""Exhibitors counted."""

from fairapp.exhibitors import figures
from tests.factories.exhibitors import make_application, make_assignment, make_exhibitor
from tests.factories.fairs import Ground


def test_figures_count_who_exhibits(ground: Ground) -> None:
    main = make_exhibitor(ground.fair, province="福建省", city="福州市", delegation_id=ground.delegation.id)
    make_exhibitor(ground.fair, kind="platform", country="MY", credit_code="")
    make_exhibitor(ground.fair, participation="co", main_exhibitor_id=main.id, is_returning=True)
    make_exhibitor(ground.fair, participation="represented", main_exhibitor_id=main.id)
    make_exhibitor(ground.fair, is_host_only=True)
    make_application(ground.fair)
    make_assignment(ground.fair, main, ground.booths[0])
    fair_id = ground.fair.id
    assert figures.count_exhibitors(fair_id) == {
        "suppliers": 2,
        "platforms": 1,
        "service_providers": 0,
        "associations": 0,
        "booths_assigned": 1,
    }
    suppliers = figures.participation_table(fair_id)[0]
    assert suppliers == {
        "kind": "supplier", "main": 1, "co": 1, "represented": 1, "returning": 1, "new": 1, "hosts": 1,
    }  # fmt: skip
    assert figures.exhibitors_by_country(fair_id) == [("CN", 2), ("MY", 1)]
    assert ("福建省", "福州市", 1) in figures.exhibitors_by_province(fair_id)
    assert (ground.delegation, 1) in figures.exhibitors_by_delegation(fair_id)
    [taken] = figures.space_taken(fair_id)
    assert (taken.kind, taken.country, taken.booths, taken.net_m2) == ("standard", "CN", 1, 9)
    assert len(figures.list_platforms(fair_id)) == 1
