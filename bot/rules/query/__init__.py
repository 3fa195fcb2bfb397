"""The language of search: what a person writes, as a tree, as what an index is asked, and as it is told again.

text → lexer → parser → Query | clauses: no filter under an OR | demands: words and their forms in both languages
"""

from bot.rules.query.clauses import Clause, clauses_of
from bot.rules.query.parser import Query, Remark, read_query
from bot.rules.query.tree import Field, Filter, Node

__all__ = ["Clause", "Field", "Filter", "Node", "Query", "Remark", "clauses_of", "read_query"]
