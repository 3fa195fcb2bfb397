"""Typed settings: the defaults in ``config/settings.toml`` < the user's own file < the environment.

A wrong value or an unknown name stops the command before anything else happens, with the name and what is allowed.
"""

from bot.settings.files import config_dir, configured, read_toml, shipped
from bot.settings.model import FeedSetting, Settings
from bot.settings.reading import PREFIX, load_settings

__all__ = ["PREFIX", "FeedSetting", "Settings", "config_dir", "configured", "load_settings", "read_toml", "shipped"]
