"""The crash harness: lives of the bot that are cut short, a Telegram that outlives them, and what must come of it.

storm (the test) → nursery (a process that has loaded everything) → lives, forked from it and killed
      ↓ time, in a file               messages to ↓
    hands                                      telegram
"""
