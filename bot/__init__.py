"""Qiaojin (巧劲): a daily paper digest and idea tracker for research that one person can do without a cluster.

Start reading at ``pipeline.py``: it tells the whole story, one call a step. ``models.py`` holds the nouns,
``app.py`` is where everything is put together, and ``docs/architecture.md`` has the map.
"""

__version__ = "0.1.0"
