"""The bot in a browser, without a token: a Bot API of our own on this machine, and a page to talk through.

page (people) → town (who is there, what was said) → api (Telegram's protocol) → the bot, which notices nothing
"""
