"""One run of collecting: each source asked in turn, what comes kept, and how each one did remembered.

Each source's papers are kept some at a time, its validators and the day's coverage with the last of them: killed at
any moment, the next run asks again for what was not kept to its end, and ends the same. An outage is never kept as
"nothing new".
"""

from bot.collecting import blogs, huggingface
from bot.collecting.arxiv import API, Arxiv
from bot.collecting.run import SERVICES, Collected, Run

__all__ = ["API", "SERVICES", "Arxiv", "Collected", "Run", "blogs", "huggingface"]
