"""A lock lets nobody in whose installer must look for a newer release."""

import pytest
from packaging.requirements import Requirement

from scripts.lock import parse_lock, problems

HASH = "--hash=sha256:" + "0" * 64
LOCK = f"web[mail]==2.1 \\\n    {HASH}\n    # via the project\nmailer==1.0 {HASH}\nwindows==3 ; sys_platform == 'win32' {HASH}"
REQUIRES = {"web": ["mailer>=1; extra == 'mail'", "windows; sys_platform == 'win32'"], "mailer": []}
ROOTS = [Requirement("web>=2")]


def found(lock: str, requires: dict[str, list[str]] = REQUIRES) -> set[str]:
    return problems(parse_lock(lock), ROOTS, requires)


def test_a_whole_lock_has_no_problems() -> None:
    assert found(LOCK) == set()


@pytest.mark.parametrize(
    ("whole", "broken", "reason"),
    [
        ("web[mail]==2.1", "web[mail]>=2.1", "web[mail]>=2.1 is not pinned to one version"),
        ("web[mail]==2.1", "web[mail]==2.*", "web[mail]==2.* is not pinned to one version"),
        (f"mailer==1.0 {HASH}", "mailer==1.0", "mailer==1.0 has no hash"),
        (f"mailer==1.0 {HASH}", "", 'web requires mailer>=1; extra == "mail", which is not in the lock'),
        ("mailer==1.0", "mailer==0.9", 'web requires mailer>=1; extra == "mail", which is locked at 0.9'),
        (
            "sys_platform == 'win32'",
            "sys_platform == 'linux'",
            'web requires windows; sys_platform == "win32", which is not in the lock',
        ),
        ("web[mail]==2.1", "web==1.1", "the project requires web>=2, which is locked at 1.1"),
    ],
)
def test_each_gap_is_named(whole: str, broken: str, reason: str) -> None:
    assert reason in found(LOCK.replace(whole, broken))


def test_an_extra_that_the_lock_strips_is_a_gap() -> None:
    lock, requires = f"flask==3.1 {HASH}\npydantic==2.14.3 {HASH}", {"flask": ["pydantic[email]>=2.0"]}
    asked = problems(parse_lock(lock), [Requirement("flask")], requires)
    assert asked == {"flask requires pydantic[email]>=2.0, which stands in the lock without [email]"}
