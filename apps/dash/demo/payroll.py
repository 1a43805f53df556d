"""Wages with contributions, the half-yearly bonus (SAC) and advances."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from apps.dash.demo.accounts import Acc
from apps.dash.demo.books import Area, Books
from apps.dash.demo.days import ends_month, is_working_day, month_name, next_month
from apps.dash.demo.rates import (
    EMPLOYEE_CONTRIBUTIONS,
    EMPLOYER_CONTRIBUTIONS,
    UNION_DUES,
    WORK_INSURANCE,
    grown,
    share,
)
from apps.dash.demo.stock import MONTHLY_INFLATION
from apps.dash.demo.treasury import Priority, Treasury

FIRST_SALARIES = (1_620_000_00, 1_285_000_00, 1_140_000_00, 1_055_000_00)
ADVANCE = 120_000_00
ADVANCE_DAY = 16
BONUS_MONTHS = (6, 12)
BONUS_DAY = 18
WAGES_PAID_ON, SOCIAL_SECURITY_PAID_ON, UNION_PAID_ON = 4, 10, 15


@dataclass(frozen=True, slots=True)
class Payslips:
    """What a payment of wages comes to, for all employees together."""

    gross: int
    contributions: int
    union: int

    @property
    def net(self) -> int:
        """What the employees are owed."""
        return self.gross - self.contributions - self.union


def payslips(salaries: list[int]) -> Payslips:
    """Return the sum of the employees' payslips, each rounded for itself."""
    return Payslips(
        gross=sum(salaries),
        contributions=sum(share(salary, EMPLOYEE_CONTRIBUTIONS) for salary in salaries),
        union=sum(share(salary, UNION_DUES) for salary in salaries),
    )


class Payroll:
    """Four employees, whose pay keeps up with prices."""

    def __init__(self, books: Books, treasury: Treasury) -> None:
        self._books, self._treasury = books, treasury
        self._salaries = list(FIRST_SALARIES)

    def opening(self, start: dt.date) -> dict[Acc, int]:
        """Return what is owed for the month before `start`, and put it on the list of debts."""
        slips = payslips(self._salaries)
        security = slips.contributions + share(slips.gross, EMPLOYER_CONTRIBUTIONS + WORK_INSURANCE)
        accrued_months = (start.month - 1) % 6
        before = start.replace(day=1) - dt.timedelta(days=1)
        self._owe(before, slips.net, security, slips.union)
        return {
            Acc.WAGES: -slips.net, Acc.SOCIAL_SECURITY: -security, Acc.UNION: -slips.union,
            Acc.BONUS_PROVISION: -(slips.gross // 12 * accrued_months),
        }

    def work(self, day: dt.date) -> None:
        """Give the month's advance to one employee, in cash, where there is enough."""
        due = day.day >= ADVANCE_DAY and is_working_day(day) and not self._books.balance(Acc.STAFF_ADVANCES)
        if due and not ends_month(day) and self._books.balance(Acc.CASH) > 2 * ADVANCE:
            self._books.record(
                Area.PAYROLL, day, "Anticipo de sueldo a un empleado",
                debits=[(Acc.STAFF_ADVANCES, ADVANCE)], credits=[(Acc.CASH, ADVANCE)],
            )

    def close_day(self, day: dt.date) -> None:
        """Accrue the bonus on its day and the wages at the end of the month."""
        if day.month in BONUS_MONTHS and day.day == BONUS_DAY:
            self._accrue_bonus(day)
        if ends_month(day):
            self._accrue_wages(day)
            self._salaries = [grown(salary, MONTHLY_INFLATION) for salary in self._salaries]

    def _accrue_wages(self, day: dt.date) -> None:
        slips, advances = payslips(self._salaries), self._books.balance(Acc.STAFF_ADVANCES)
        self._books.record(
            Area.PAYROLL, day, f"Devengamiento de sueldos {month_name(day)}",
            debits=[(Acc.SALARIES, slips.gross)],
            credits=[
                (Acc.WAGES, slips.net - advances), (Acc.SOCIAL_SECURITY, slips.contributions),
                (Acc.UNION, slips.union), (Acc.STAFF_ADVANCES, advances),
            ],
        )
        security = slips.contributions + self._accrue_contributions(day, slips.gross, month_name(day))
        if day.month not in BONUS_MONTHS:
            provision = slips.gross // 12
            self._books.record(
                Area.PAYROLL, day, f"Provisión del sueldo anual complementario {month_name(day)}",
                debits=[(Acc.YEARLY_BONUS, provision)], credits=[(Acc.BONUS_PROVISION, provision)],
            )
        self._owe(day, slips.net - advances, security, slips.union)

    def _accrue_contributions(self, day: dt.date, gross: int, what: str) -> int:
        contributions, insurance = share(gross, EMPLOYER_CONTRIBUTIONS), share(gross, WORK_INSURANCE)
        self._books.record(
            Area.PAYROLL, day, f"Contribuciones patronales y ART {what}",
            debits=[(Acc.CONTRIBUTIONS, contributions), (Acc.WORK_INSURANCE, insurance)],
            credits=[(Acc.SOCIAL_SECURITY, contributions + insurance)],
        )
        return contributions + insurance

    def _accrue_bonus(self, day: dt.date) -> None:
        """Half of the semester's best salary; what the provision does not cover is the month's expense."""
        slips, provided = payslips([salary // 2 for salary in self._salaries]), self._books.owed(Acc.BONUS_PROVISION)
        self._books.record(
            Area.PAYROLL, day, f"Sueldo anual complementario {month_name(day)}",
            debits=[(Acc.BONUS_PROVISION, provided), (Acc.YEARLY_BONUS, slips.gross - provided)],
            credits=[
                (Acc.WAGES, slips.net), (Acc.SOCIAL_SECURITY, slips.contributions), (Acc.UNION, slips.union),
            ],
        )
        security = slips.contributions + self._accrue_contributions(day, slips.gross, f"sobre SAC {month_name(day)}")
        self._treasury.owe(
            day, Acc.WAGES, slips.net, "Pago del sueldo anual complementario", priority=Priority.STAFF,
            area=Area.PAYROLL,
        )
        self._owe(day, 0, security, slips.union, of=f"SAC {month_name(day)}")

    def _owe(self, day: dt.date, wages: int, security: int, union: int, *, of: str = "") -> None:
        of = of or month_name(day)
        for number, code, amount, legend, priority in (
            (WAGES_PAID_ON, Acc.WAGES, wages, "Pago de sueldos", Priority.STAFF),
            (SOCIAL_SECURITY_PAID_ON, Acc.SOCIAL_SECURITY, security, "Pago F.931 aportes y contribuciones",
             Priority.STATE),
            (UNION_PAID_ON, Acc.UNION, union, "Pago de aportes sindicales", Priority.STATE),
        ):
            self._treasury.owe(
                next_month(day, number), code, amount, f"{legend} {of}", priority=priority, area=Area.PAYROLL
            )
