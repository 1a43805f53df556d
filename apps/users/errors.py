"""What can go wrong with people and their tokens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict, Forbidden, Invalid, Missing, Refused, TooMany, Unauthenticated


class WrongCredentials(Unauthenticated):
    """Wrong password, unknown e-mail or inactive account: the caller cannot tell which."""

    code = "wrong_credentials"
    message = _("The e-mail or the password is wrong, or the account is not active.")


class TooManyFailures(TooMany):
    """Too many failed logins for one account or from one address."""

    code = "too_many_failures"
    message = _("Too many failed attempts: wait a minute and try again.")


class DeadAccess(Unauthenticated):
    """An access token that is forged, expired or ended with its password or account."""

    code = "token_not_valid"
    message = _("Your session is not valid or has ended: log in again.")


class DeadRefresh(DeadAccess):
    """A refresh token that is forged, expired, used before, or ended with its family."""

    message = _("The refresh token is not valid or has ended: log in again.")


class NotYourRefresh(Refused):
    """Logout with no refresh token, another user's, or a dead one."""

    code = "refresh_token_not_valid"
    message = _("The refresh token is missing, is not yours or has ended (field refresh_token).")


class UnknownUser(Missing):
    """No such user in the company."""

    code = "user_not_found"
    message = _("There is no user with that number in the company.")


class EmailTaken(Invalid):
    """Another user has that e-mail."""

    def __init__(self) -> None:
        super().__init__({"email": [_("There is already a user with this e-mail.")]})


class RoleNotInMode(Invalid):
    """The role is not given in the system's mode."""

    def __init__(self, allowed: list[int]) -> None:
        text = _("In this mode the role must be one of: %(allowed)s.")
        super().__init__({"rol": [text % {"allowed": ", ".join(map(str, allowed))}]})


class UnknownCompanyGiven(Invalid):
    """The body names no company."""

    def __init__(self) -> None:
        super().__init__({"company": [_("There is no company with that number.")]})


class WrongCurrentPassword(Invalid):
    """Changing one's password needs the current one."""

    def __init__(self) -> None:
        super().__init__({"current_password": [_("The current password is missing or wrong.")]})


class LeaderOutOfReach(Forbidden):
    """Whoever is no rol 0 may not touch one who is."""

    code = "leader_out_of_reach"
    message = _("Only a rol 0 user may change a rol 0 user.")


class CannotGrantLead(Forbidden):
    """Whoever is no rol 0 may not make one."""

    code = "cannot_grant_rol_0"
    message = _("Only a rol 0 user may give rol 0.")


class OwnRole(Forbidden):
    """Nobody raises their own role; a rol 1 user changes neither their own role nor status."""

    code = "own_role"
    message = _("You cannot change your own role or status in this way.")


class SuperuserOutOfReach(Forbidden):
    """Who is no superuser could become one by taking over a superuser's e-mail or password."""

    code = "superuser_out_of_reach"
    message = _("Only a superuser may change the e-mail or the password of a superuser.")


class LastLeader(Conflict):
    """Somebody must remain who can manage users."""

    code = "last_leader"
    message = _("The last active rol 0 user cannot be deleted, deactivated or given another role.")


class UserHasRecords(Conflict):
    """What a user recorded keeps their name."""

    code = "user_has_records"
    message = _("This user recorded transactions and cannot be deleted: deactivate them instead (status 1).")
