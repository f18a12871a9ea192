"""The pages of booths: the desk's, and the exhibitor's own."""

from fairapp.exhibitors.booths.queries import booths_of
from fairapp.exhibitors.models import BoothState, Exhibitor
from tests.client import PageClient
from tests.factories.exhibitors import make_assignment, make_exhibitor, make_hold
from tests.factories.fairs import Ground, make_ground


def test_a_booth_is_assigned_and_released(ground: Ground, desk: PageClient) -> None:
    one = make_exhibitor(ground.fair)
    page, booth = f"/fairs/fair-e/desk/exhibitors/{one.id}", ground.booths[2]
    assert "H1-A003" in desk.press(f"{page}/booth?hall=H1", f"{page}/booth/{booth.id}")
    (line,) = booths_of(one)
    assert "is free" in desk.press(page, f"/fairs/fair-e/desk/exhibitors/booths/{line.id}/release")
    assert booths_of(one) == []


def test_holds_wait_in_a_queue(ground: Ground, desk: PageClient) -> None:
    first, second = make_exhibitor(ground.fair), make_exhibitor(ground.fair)
    yes, no = make_hold(ground.fair, first, ground.booths[0]), make_hold(ground.fair, second, ground.booths[1])
    queue = "/fairs/fair-e/desk/exhibitors/holds"
    desk.press(queue, f"{queue}/{yes.id}/confirm")
    desk.press(queue, f"{queue}/{no.id}/decline", reason="Kept for the press.")
    assert (yes.state, no.state) == (BoothState.ASSIGNED, BoothState.RELEASED)
    assert "No booth waits" in desk.get_page(queue)


def test_an_exhibitor_takes_a_booth_and_gives_it_back(ground: Ground, own: Exhibitor, phone: PageClient) -> None:
    choose = "/fairs/fair-e/my/booth/choose"
    page = phone.get_page(choose)
    assert ("H1-A001" in page, "H2-A001" in page) == (True, False)
    held = phone.press(choose, f"/fairs/fair-e/my/booth/{ground.booths[0].id}/hold")
    assert "H1-A001" in held
    (line,) = booths_of(own)
    assert (line.state, line.held_until is not None) == (BoothState.HELD, True)
    phone.press("/fairs/fair-e/my/booth", f"/fairs/fair-e/my/booth/held/{line.id}/give-back")
    assert booths_of(own) == []


def test_a_booth_just_taken_is_said_so(ground: Ground, own: Exhibitor, phone: PageClient) -> None:
    make_assignment(ground.fair, make_exhibitor(ground.fair), ground.booths[0])
    answer = phone.post(f"/fairs/fair-e/my/booth/{ground.booths[0].id}/hold", follow_redirects=True)
    assert "just been taken" in answer.get_data(as_text=True)
    foreign = make_ground().booths[0]
    assert phone.post(f"/fairs/fair-e/my/booth/{foreign.id}/hold").status_code == 404
