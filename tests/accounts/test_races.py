"""What must hold when two do it in the same moment, on real connections."""

from collections.abc import Callable
from threading import Barrier, Thread

from apiflask import APIFlask
from sqlalchemy import select

from fairapp.accounts import services
from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Role
from fairapp.accounts.sign_in import services as credentials
from fairapp.accounts.sign_in.single_use_links import issue_link
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from tests.factories.accounts import code_of, make_member
from tests.factories.foundation import make_fair


def at_once(app: APIFlask, *works: Callable[[], object]) -> list[object]:
    """Run each in a thread and a connection of its own; their answers, a refusal as its code."""
    answers: list[object] = []
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    answer = work()
            except DomainError as error:
                answer = error.code
            answers.append(answer)
            db.session.remove()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_organisers_cannot_remove_each_other(own_database: APIFlask) -> None:
    with own_database.app_context():
        fair = make_fair()
        make_member(fair, Role.ORGANISER)
        make_member(fair, Role.ORGANISER, email="second@example.com")
        keys = [(grant.fair_id, grant.id) for grant in db.session.scalars(select(RoleGrant))]
        db.session.remove()

    def withdraw(key: tuple[int, object]) -> None:
        services.withdraw_role(actor=system(key[0]), grant=db.session.get_one(RoleGrant, key))

    answers = at_once(own_database, *(lambda key=key: withdraw(key) for key in keys))
    assert sorted(map(str, answers)) == ["None", "last_organiser"]


def test_a_code_typed_twice_in_the_same_moment_counts_once(own_database: APIFlask) -> None:
    with own_database.app_context():
        user = make_member(make_fair(), Role.VERIFIER, second_factor=True)
        user_id, code = user.id, code_of(user)
        db.session.remove()

    def pass_it() -> bool:
        return credentials.pass_second_factor(user=db.session.get_one(User, user_id), code=code)

    assert sorted(at_once(own_database, *[pass_it] * 4), key=str) == [False, False, False, True]


def test_a_link_used_twice_in_the_same_moment_works_once(own_database: APIFlask) -> None:
    with own_database.app_context():
        user = make_member(make_fair(), Role.VIEWER)
        with transaction():
            token = issue_link(user, "password_reset").rsplit("/", 1)[1]
        db.session.remove()

    def reset() -> str:
        return credentials.reset_password(token=token, password="another long one").email

    assert sorted(at_once(own_database, *[reset] * 3)) == ["link_spent", "link_spent", "mei@example.com"]


def test_one_address_invited_by_two_gets_one_account(own_database: APIFlask) -> None:
    with own_database.app_context():
        fair = make_fair()
        db.session.remove()

    def invite(role: Role) -> str:
        given = {"email": "new@example.com", "name": "New", "role": role}
        return services.invite_member(actor=system(fair.id), fair=fair, **given).role

    answers = at_once(own_database, lambda: invite(Role.STEWARD), lambda: invite(Role.VIEWER))
    assert sorted(answers) == ["steward", "viewer"]
    with own_database.app_context():
        assert len(db.session.scalars(select(User)).all()) == 1
        db.session.remove()
