"""The assistant's room: questions over the documents, their history, the documents and their index."""
