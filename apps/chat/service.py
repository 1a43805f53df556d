"""The assistant's library with this installation's folders and documents."""

from __future__ import annotations

import dataclasses
import functools
from types import ModuleType

from django.conf import settings

from apps.chat.models import ChatDocument
from services.chat.config import ChatConfig, pin_threads
from services.chat.documents import Document


def configuration() -> ChatConfig:
    """Return what the environment says of the assistant; ConfigurationError."""
    return dataclasses.replace(ChatConfig.from_environment(), index_dir=settings.CHAT_INDEX_DIR)


@functools.cache
def assistant() -> ModuleType:
    """Return `services.chat.rag_service`, loaded and configured at the first call.

    Numpy and the index are loaded by it: nothing of the assistant is in memory before a question.
    """
    pin_threads()
    from services.chat import rag_service

    config = configuration()
    rag_service.configure(config, documents=lambda: [*rag_service.folder_documents(config.data_dir), *_added()])
    return rag_service


def _added() -> list[Document]:
    rows = ChatDocument.objects.values_list("name", "text", "company_id")
    return [Document(name, text, owner) for name, text, owner in rows]
