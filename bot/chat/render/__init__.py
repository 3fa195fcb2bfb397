"""What the chat says: values in, messages out. Nothing here knows a database, a network or Telegram's library."""
