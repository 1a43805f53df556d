"""What the demo's commands refuse."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.errors import Conflict, Refused


class DemoOutOfBounds(Refused):
    """The demo asked for is too small or too large."""

    code = "demo_out_of_bounds"


class DemoEmailTaken(Conflict):
    """A person who is no demo data has an e-mail that the demo needs."""

    code = "demo_email_taken"

    def __init__(self, email: str) -> None:
        self.email = email
        super().__init__(
            _("%(email)s belongs to somebody who is not demo data: the demo cannot use it. Give that person another"
              " e-mail first.") % {"email": email}
        )


class DemoCompanyInUse(Conflict):
    """People who are no demo data work in the demo's company."""

    code = "demo_company_in_use"

    def __init__(self, people: int) -> None:
        self.people = people
        super().__init__(
            _("%(people)d people who are not demo data work in the demo's company: give them another one first.")
            % {"people": people}
        )


class DemoHistoryDiffers(Conflict):
    """The books do not say what the file that was imported says."""

    code = "demo_history_differs"
    message = gettext_lazy("The demo's books differ from the file that they were imported from.")
