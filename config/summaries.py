"""What each operation of the API does, in a few words in the reader's language: the lines of /api/docs/.

By operation id. A test holds the table against the document.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

_LOGIN = _("Log in")
_REFRESH = _("Renew a session")
_LOGOUT = _("Log out")
_STATISTICS = _("Read the dashboard's figures")

SUMMARIES: dict[str, Any] = {
    "auth_login_create": _LOGIN,
    "auth_token_create": _LOGIN,
    "users_token_create": _LOGIN,
    "auth_refresh_create": _REFRESH,
    "auth_token_refresh_create": _REFRESH,
    "auth_logout_create": _LOGOUT,
    "users_logout_create": _LOGOUT,
    "users_list": _("List users"),
    "users_create": _("Create a user"),
    "users_retrieve": _("Read a user"),
    "users_update": _("Write a user anew"),
    "users_partial_update": _("Change a user"),
    "users_destroy": _("Delete a user who recorded nothing"),
    "users_me_retrieve": _("Read oneself"),
    "users_me_partial_update": _("Change one's own name or password"),
    "config_list": _("List the one configuration"),
    "config_create": _("Refuse a second configuration"),
    "config_retrieve": _("Read the configuration by its number"),
    "config_update": _("Write the configuration anew"),
    "config_partial_update": _("Change the configuration"),
    "config_current_retrieve": _("Read the configuration"),
    "config_role_names_retrieve": _("Read the roles of the present mode"),
    "companies_list": _("List the companies that the caller may see"),
    "companies_create": _("Open a company with the default chart"),
    "companies_retrieve": _("Read a company"),
    "companies_update": _("Write a company anew"),
    "companies_partial_update": _("Rename a company"),
    "companies_destroy": _("Delete a company that nobody has used"),
    "companies_practice_create": _("Open practice companies for students"),
    "periods_list": _("List the company's periods"),
    "periods_create": _("Add a period"),
    "periods_retrieve": _("Read a period"),
    "periods_close_create": _("Close a period"),
    "periods_reopen_create": _("Reopen a period"),
    "audit_list": _("Read who did what when"),
    "audit_head_retrieve": _("Read the head of the trail"),
    "audit_verify_retrieve": _("Verify the trail"),
    "accounts_list": _("List the chart of accounts"),
    "accounts_create": _("Add an account"),
    "accounts_retrieve": _("Read an account"),
    "accounts_update": _("Write an account anew"),
    "accounts_partial_update": _("Change an account"),
    "accounts_destroy": _("Delete an unused account"),
    "accounts_active_list": _("List the accounts that can be used"),
    "accounts_tree_list": _("Read the chart as a tree"),
    "chat_query_create": _("Ask the documents"),
    "chat_cancel_create": _("Stop a running question"),
    "chat_status_retrieve": _("Read the state of the assistant's index"),
    "chat_rebuild_create": _("Rebuild the assistant's index"),
    "chat_history_list": _("List the questions of the past"),
    "chat_history_retrieve": _("Read a question of the past"),
    "chat_history_feedback_create": _("Say whether an answer helped"),
    "chat_documents_list": _("List the assistant's documents"),
    "chat_documents_create": _("Add a document"),
    "chat_documents_update": _("Replace a document"),
    "chat_documents_destroy": _("Remove a document"),
    "trans_list": _("List transactions"),
    "trans_create": _("Record a transaction"),
    "trans_retrieve": _("Read a transaction"),
    "trans_update": _("Write a transaction anew"),
    "trans_partial_update": _("Change a transaction"),
    "trans_destroy": _("Delete a transaction"),
    "trans_close_create": _("Close a transaction for ever"),
    "trans_reverse_create": _("Reverse a closed transaction"),
    "trans_toggle_status_create": _("Verify a transaction, or withdraw the verification"),
    "trans_bulk_create": _("Verify or close many transactions"),
    "trans_recent_list": _("List the newest transactions"),
    "trans_import": _("Import a journal from a file"),
    "reports_sumas_y_saldos": _("Read the trial balance"),
    "llm_status_retrieve": _("Read how the language models stand"),
    "dash_stats_retrieve": _STATISTICS,
    "dashboard_stats_retrieve": _STATISTICS,
}
