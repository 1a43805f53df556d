"""`manage.py clear_dahsboard_data`: the spelling that the first Mosaite documented."""

from __future__ import annotations

from apps.dash.management.commands.clear_dashboard_data import Command

__all__ = ["Command"]
