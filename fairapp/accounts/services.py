"""Changes to who is who: people, their organisations, their roles in a fair, and keys for machines."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from fairapp.accounts import queries, rules
from fairapp.accounts.events import RoleWaits
from fairapp.accounts.labels import invitation_sentence
from fairapp.accounts.links import public_address
from fairapp.accounts.models import ApiToken, Appointment, AtFair, LinkPurpose, Organisation, RoleGrant, User
from fairapp.accounts.permissions import Role
from fairapp.accounts.sign_in import passwords
from fairapp.accounts.sign_in.single_use_links import issue_link
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor

# --- people and organisations ---------------------------------------------------------------


def create_user(
    *,
    actor: Actor,
    email: str,
    name: str,
    password: str = "",
    locale: str = "zh_Hans",
    may_create_fairs: bool = False,
) -> User:
    """Create a person; without a password they set one by an invitation.

    DomainError: email_taken (field "email").
    """
    user = User(
        email=email.strip().lower(),
        name=name,
        locale=locale,
        may_create_fairs=may_create_fairs,
        password_hash=passwords.hash_password(password) if password else "",
    )
    taken = DomainError("email_taken", _l("Someone has an account with this address already."), field="email")
    with translate_integrity_errors({"uq_users_email": taken}):
        db.session.add(user)
    event = Event.USER_JOINED if password else Event.USER_INVITED
    audit.record_account(event, user_id=user.id, by=actor.label)
    return user


def create_organisations(*, actor: Actor, names: Iterable[tuple[str, str]]) -> list[Organisation]:
    """Create companies or bodies that people speak for, by (Chinese, English) name, and return them in that order."""
    organisations = [Organisation(name_zh=name_zh, name_en=name_en) for name_zh, name_en in names]
    db.session.add_all(organisations)
    db.session.flush()
    if actor.fair_id is not None:
        subject = organisations[0] if len(organisations) == 1 else "organisations"
        audit.record(
            Event.ORGANISATIONS_CREATED, actor=actor, fair_id=actor.fair_id, subject=subject, count=len(organisations)
        )
    return organisations


def change_person(*, actor: Actor, user: User, name: str, locale: str) -> None:
    """Change a person's name and language; a new name stands in the trail of each fair they have a role in."""
    renamed = name != user.name
    user.name, user.locale = name, locale
    audit.record_account(Event.USER_CHANGED, user_id=user.id, by=actor.label)
    for fair, _roles in queries.fairs_with_roles(user) if renamed else ():
        audit.record(Event.USER_CHANGED, actor=actor, fair_id=fair.id, subject=user, changed=["name"])


# --- roles ----------------------------------------------------------------------------------


def grant_role(
    *,
    actor: Actor,
    fair: AtFair,
    user_id: UUID,
    role: Role,
    organisation_id: UUID | None = None,
    makes_fair: bool = False,
) -> RoleGrant:
    """Give a person a role in a fair, without a word to them; an exhibitor's member speaks for an organisation.

    A role that may verify or approve waits for a second person, but for that of who makes the fair.

    DomainError: already_member (field "email"), may_not_grant (403).
    """
    role = Role(role)
    if actor.user_id is not None and actor.fair_id == fair.id and not rules.may_grant(actor.permissions, role):
        raise DomainError("may_not_grant", _l("Your role does not let you give this role."), status=403)
    appointment = rules.appointment_of(role, by_person=actor.user_id is not None, makes_fair=makes_fair)
    grant = RoleGrant(
        fair_id=fair.id,
        user_id=user_id,
        role=role,
        organisation_id=organisation_id,
        appointment=appointment,
        granted_by_id=actor.user_id,
    )
    already = DomainError("already_member", _l("This person holds this role already."), field="email")
    with translate_integrity_errors({"uq_role_grants_live": already, "uq_role_grants_member": already}):
        db.session.add(grant)
    facts = {"role": role, "appointment": appointment, **_holder_facts(grant)}
    audit.record(Event.ROLE_GRANTED, actor=actor, fair_id=fair.id, subject=grant, **facts)
    if appointment == Appointment.WAITING:
        audit.record(RoleWaits(fair.id, grant.id), actor=actor, fair_id=fair.id, subject=grant)
    return grant


def invite_member(
    *,
    actor: Actor,
    fair: AtFair,
    email: str,
    name: str,
    role: Role,
    organisation: Organisation | None = None,
    locale: str = "zh_Hans",
) -> RoleGrant:
    """Give someone a role by mail address: newcomers get an invitation, others a notice.

    DomainError: already_member (field "email"), may_not_grant (403).
    """
    user = queries.user_by_email(email) or _newcomer(actor, email, name, locale)
    organisation_id = organisation.id if organisation else None
    grant = grant_role(actor=actor, fair=fair, user_id=user.id, role=role, organisation_id=organisation_id)
    if user.password_hash:
        _mail_about_role("role_granted", user, fair, role, organisation, public_address("accounts.sign_in"))
    else:
        _mail_about_role("invitation", user, fair, role, organisation, issue_link(user, LinkPurpose.INVITATION))
    return grant


def send_invitation_again(*, actor: Actor, fair: AtFair, grant: RoleGrant) -> None:
    """Mail a fresh link to somebody who has not taken up the invitation; the older ones stop working.

    DomainError: already_joined.
    """
    if grant.user.password_hash:
        raise DomainError("already_joined", _l("This person has joined already. They can sign in."))
    link = issue_link(grant.user, LinkPurpose.INVITATION)
    _mail_about_role("invitation", grant.user, fair, Role(grant.role), grant.organisation, link)
    audit.record(Event.INVITATION_SENT_AGAIN, actor=actor, fair_id=fair.id, subject=grant, **_holder_facts(grant))


def withdraw_role(*, actor: Actor, grant: RoleGrant) -> None:
    """Take a role back. DomainError: already_withdrawn, last_organiser."""
    if grant.withdrawn_at is not None:
        raise DomainError("already_withdrawn", _l("This role was withdrawn before."))
    if grant.role == Role.ORGANISER and _is_last_organiser(grant):
        raise DomainError(
            "last_organiser",
            _l(
                "A fair needs an organiser who has joined. Invite another one first, and withdraw this role once they have."
            ),
        )
    grant.withdrawn_at = clock.now()
    holder = _holder_facts(grant)
    audit.record(Event.ROLE_WITHDRAWN, actor=actor, fair_id=grant.fair_id, subject=grant, role=grant.role, **holder)


def _holder_facts(grant: RoleGrant) -> dict[str, str]:
    """Whose role it is, for the trail: identifiers, which outlive an erasure."""
    speaks_for = {"organisation": str(grant.organisation_id)} if grant.organisation_id else {}
    return {"user": str(grant.user_id), **speaks_for}


def _newcomer(actor: Actor, email: str, name: str, locale: str) -> User:
    try:
        return create_user(actor=actor, email=email, name=name, locale=locale)
    except DomainError:  # invited by two people in the same moment
        user = queries.user_by_email(email)
        if user is None:
            raise
        return user


def _is_last_organiser(grant: RoleGrant) -> bool:
    """Whether nobody else who can sign in is organiser; the rows stay locked, so two cannot remove each other."""
    organisers = select(RoleGrant).where(
        RoleGrant.fair_id == grant.fair_id, RoleGrant.role == Role.ORGANISER, RoleGrant.withdrawn_at.is_(None)
    )
    locked = db.session.scalars(organisers.order_by(RoleGrant.id).with_for_update(of=RoleGrant)).all()
    return not any(other.id != grant.id and other.user.password_hash for other in locked)


def _mail_about_role(
    template: str, user: User, fair: AtFair, role: Role, organisation: Organisation | None, link: str
) -> None:
    english = user.locale == "en"
    name = fair.name_en if english else fair.name_zh
    speaks_for = organisation and ((english and organisation.name_en) or organisation.name_zh or organisation.name_en)
    subjects = {
        "invitation": _l("Your invitation to %(fair)s", fair=name),
        "role_granted": _l("You have a new role at %(fair)s", fair=name),
    }
    queue_mail(
        f"accounts/{template}",
        recipient=user.email,
        subject=subjects[template],
        locale=user.locale,
        fair_id=fair.id,
        person=user.name,
        fair=fair,
        invitation=invitation_sentence(role, fair=name, organisation=speaks_for or ""),
        link=link,
        days=rules.INVITATION_LASTS.days,
    )


# --- keys for machines ----------------------------------------------------------------------


def create_token(*, actor: Actor, fair: AtFair, label: str, role: Role, expires_at: datetime) -> tuple[ApiToken, str]:
    """Create a key for a machine; return it and its text, which nobody can read again.

    DomainError: role_not_for_tokens (field "role").
    """
    if role not in rules.TOKEN_ROLES or actor.user_id is None:
        raise DomainError("role_not_for_tokens", _l("A machine cannot have this role."), field="role")
    text, digest = tokens.new_token()
    token = ApiToken(
        fair_id=fair.id, user_id=actor.user_id, label=label, role=role, digest=digest, expires_at=expires_at
    )
    db.session.add(token)
    db.session.flush()
    audit.record(Event.TOKEN_CREATED, actor=actor, fair_id=fair.id, subject=token, role=role, label=label)
    return token, text


def revoke_token(*, actor: Actor, token: ApiToken) -> None:
    """End a key now. DomainError: already_revoked."""
    if token.revoked_at is not None:
        raise DomainError("already_revoked", _l("This token was revoked before."))
    token.revoked_at = clock.now()
    audit.record(Event.TOKEN_REVOKED, actor=actor, fair_id=token.fair_id, subject=token, label=token.label)
