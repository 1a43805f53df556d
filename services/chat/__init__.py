"""Answers from documents: retrieval, citations and, where a model is reachable, fluent Spanish.

`from services.chat import rag_service` is the way in. Importing loads no index and no model.
"""
