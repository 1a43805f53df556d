"""`manage.py init_dashboard_data`."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.common.progress import Progress
from apps.companies.models import Company
from apps.dash import access
from apps.dash.actions import GROUPS_MAX, STUDENTS_MAX, TRANSACTIONS_MAX, DemoSize, load_demo
from apps.dash.demo.people import TEACHER_EMAIL, student_email
from apps.dash.history import prove
from apps.dash.queries import demo_company, has_data, statistics
from apps.trans.queries import tallied
from ledger.money import pesos

_FOLDER = settings.DATA_DIR / "demo"


def _whole(minimum: int, maximum: int) -> Any:
    def read(raw: str) -> int:
        if not (raw.isascii() and raw.isdigit() and len(raw) < 10 and minimum <= int(raw) <= maximum):
            raise argparse.ArgumentTypeError(
                _("write a whole number between %(min)d and %(max)d") % {"min": minimum, "max": maximum}
            )
        return int(raw)

    return read


class Command(BaseCommand):
    """Load the demo once and tell how to enter it; run again, it only tells."""

    help = (
        "Loads the demo: the last six months of a small distributor's books, recorded by groups of students, in a"
        " company of its own. Run again, it changes nothing and prints the login again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the sizes and how to start."""
        size = DemoSize()
        parser.add_argument("--students", type=_whole(1, STUDENTS_MAX), default=size.students)
        parser.add_argument("--groups", type=_whole(1, GROUPS_MAX), default=size.groups)
        parser.add_argument(
            "--transactions-per-student", type=_whole(1, TRANSACTIONS_MAX), default=size.transactions_per_student,
            help="on average: some groups record more than others",
        )
        parser.add_argument(
            "--history", action="store_true",
            help="with the books of the two years before, imported from a file that is left in the data folder",
        )
        start = parser.add_mutually_exclusive_group()
        start.add_argument("--clear", action="store_true", help="remove the demo (only that) and load it afresh")
        start.add_argument("--if-empty", action="store_true", help="load it only where there are no users and no books")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError, with nothing changed, when the demo cannot be loaded."""
        size = DemoSize(options["students"], options["groups"], options["transactions_per_student"])
        with command_errors():
            if options["if_empty"] and demo_company() is None and has_data():
                self.stdout.write(_("There are users or books here already: the demo was not loaded."))
                return
            password = _password()
            loaded = load_demo(
                size, password=password, today=timezone.localdate(), afresh=options["clear"],
                tell=Progress(_("Recording transactions")), history=_FOLDER if options["history"] else None,
            )
            self._tell(password, loaded=loaded)
            if loaded and options["history"]:
                self._tell_proof()

    def _tell_proof(self) -> None:
        proof = prove(_FOLDER, Company.objects.get(is_demo=True))
        self.stdout.write(
            _("The two years before were imported from %(file)s: %(transactions)d transactions, $ %(total)s on each"
              " side. The trial balance equals the file, account by account.")
            % {"file": proof.file, "transactions": proof.transactions, "total": pesos(proof.total)}
        )

    def _tell(self, password: str, *, loaded: bool) -> None:
        company = Company.objects.get(is_demo=True)
        found = statistics(company, today=timezone.localdate())
        figures = {"students": found.students, "groups": found.groups, "transactions": tallied(company)}
        self.stdout.write(self.style.SUCCESS(
            _("Demo loaded: %(students)d students in %(groups)d groups, %(transactions)d transactions.") % figures
            if loaded
            else _("The demo is here already: %(students)d students in %(groups)d groups, %(transactions)d"
                   " transactions. To load it afresh: --clear") % figures
        ))
        if not access.opens(password):
            self.stdout.write(_("Its password has been changed since. To set it back, load it afresh: --clear"))
            return
        self.stdout.write(_("User: %(email)s  Password: %(password)s") % {"email": TEACHER_EMAIL, "password": password})
        self.stdout.write(
            _("Students, with the same password: from %(first)s on") % {"first": student_email(1)}
        )


def _password() -> str:
    try:
        return access.demo_password()
    except ValidationError as error:
        raise CommandError(
            _("DEMO_PASSWORD cannot be used: %(why)s") % {"why": " ".join(error.messages)}
        ) from error
