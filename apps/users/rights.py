"""What one user may do to another, beyond what the matrix says of the operation as a whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from apps.companies.models import Company
from apps.companies.scope import ForeignCompany
from apps.config.queries import system_mode
from apps.config.roles import Role, role_names
from apps.users.errors import (
    CannotGrantLead,
    LeaderOutOfReach,
    OwnRole,
    RoleNotInMode,
    SuperuserOutOfReach,
)
from apps.users.models import User


@dataclass(frozen=True)
class UserData:
    """What can be written of a user; None leaves it as it is. `company` is its number."""

    email: str | None = None
    name: str | None = None
    password: str | None = None
    group: str | None = None
    rol: int | None = None
    status: int | None = None
    company: int | None = None

    def given(self) -> dict[str, Any]:
        """Return, by field, what is not None."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def beside(self, user: User) -> UserData:
        """Return what would change of the user, the rest as None; a password always does."""
        now = {**{name: getattr(user, name) for name in self.given()}, "password": None, "company": user.company_id}
        return UserData(**{name: value for name, value in self.given().items() if value != now[name]})


def check(acting_user: User, wanted: UserData, *, target: User | None, company: Company) -> None:
    """Raise the error of the first rule that forbids what is wanted of `target` (None: a new user).

    Each rule is a function that raises its own error; `company` is the one the caller acts in.
    """
    _role_is_given_in_this_mode(wanted)
    if target is not None:
        _nobody_raises_themselves(acting_user, wanted, target)
        _superusers_are_not_taken_over(acting_user, wanted, target)
    if acting_user.leads:
        return
    _leaders_are_out_of_reach(wanted, target)
    _own_role_and_status_stay(acting_user, wanted, target)
    _companies_are_chosen_by_leaders(wanted, company)


def _role_is_given_in_this_mode(wanted: UserData) -> None:
    allowed = role_names(business=system_mode())
    if wanted.rol is not None and wanted.rol not in allowed:
        raise RoleNotInMode(sorted(allowed))


def _nobody_raises_themselves(acting_user: User, wanted: UserData, target: User) -> None:
    if target == acting_user and wanted.rol is not None and wanted.rol < target.rol:
        raise OwnRole


def _superusers_are_not_taken_over(acting_user: User, wanted: UserData, target: User) -> None:
    if target.is_superuser and not acting_user.is_superuser and (wanted.email or wanted.password):
        raise SuperuserOutOfReach


def _leaders_are_out_of_reach(wanted: UserData, target: User | None) -> None:
    if target is not None and target.leads:
        raise LeaderOutOfReach
    if wanted.rol == Role.ADMIN:
        raise CannotGrantLead


def _own_role_and_status_stay(acting_user: User, wanted: UserData, target: User | None) -> None:
    if target == acting_user and (wanted.rol is not None or wanted.status is not None):
        raise OwnRole


def _companies_are_chosen_by_leaders(wanted: UserData, company: Company) -> None:
    if wanted.company not in {None, company.pk}:
        raise ForeignCompany
