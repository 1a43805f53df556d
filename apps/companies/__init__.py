"""Companies (the tenants), their periods and the scope of a request."""
