"""Telegram's Bot API, the protocol alone: https://core.telegram.org/bots/api. No faults, no limits, all in memory."""
