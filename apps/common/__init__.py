"""What several rooms share: transactions on the database, guards, errors, the wire's small parts."""
