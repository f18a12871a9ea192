"""The stand's own badges, as its people use the pages."""

from fairapp.accounts.permissions import Role
from tests.factories.foundation import make_organisation, make_person
from tests.factories.visitors import make_booth_for, make_visitor
from tests.visitors.reading import only_visitor


def test_an_exhibitor_registers_its_people(fair, signed_in) -> None:
    organisation = make_organisation()
    make_booth_for(fair, organisation, area_m2=9)
    client = signed_in(make_person(fair, Role.EXHIBITOR, organisation))
    page = client.post_form("/fairs/open/my/badges", {"name": "李娜", "email": "lina@example.com"})
    assert "1 of 6" in page
    visitor = only_visitor()
    assert (visitor.category.code, visitor.company) == ("EXH", "Blue Harbour Trading")
    assert client.download(f"/fairs/open/my/badges/{visitor.id}/badge.pdf").data[:4] == b"%PDF"
    client.press("/fairs/open/my/badges", f"/fairs/open/my/badges/{visitor.id}/revoke")
    assert "0 of 6" in client.get_page("/fairs/open/my/badges")


def test_a_rivals_staff_is_out_of_reach(fair, signed_in) -> None:
    mine, rival = make_organisation("Mine"), make_organisation("Rival")
    make_booth_for(fair, mine)
    visitor, _badge = make_visitor(fair, category="EXH", exhibitor_id=make_booth_for(fair, rival).id)
    public, _badge = make_visitor(fair)
    client = signed_in(make_person(fair, Role.EXHIBITOR, mine))
    for one in (visitor, public):
        client.get_page(f"/fairs/open/my/badges/{one.id}/badge.pdf", 404)
        assert client.post(f"/fairs/open/my/badges/{one.id}/revoke").status_code == 404
