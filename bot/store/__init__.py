"""The only SQL: functions that take a session, do one thing and never commit; the caller owns the transaction."""
