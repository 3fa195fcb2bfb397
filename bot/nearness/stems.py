"""Words that say the same in another form: ``selecting``, ``selection`` and ``selected`` are ``select``."""

from __future__ import annotations

import re

LEAST = 4
"""Letters that stay of a word that loses its ending."""

ENDINGS = re.compile(
    rf"(?P<stem>[a-z0-9]{{{LEAST},}}?)"
    "(?:ications?|ations?|ators?|ating|ated|ates?|ative|atively|ively|ive|ions?|ingly|ings?|edly|ied|iers?|ies|ying|ed"
    "|ments?|ness|ically|ical|ities|ity|ly|y|es?)"
)
"""A stem and the longest ending that leaves it long enough."""
DOUBLED = re.compile(r"([bdgmnprt])\1$")

_IRREGULAR = """
agentic agent; annotator annot; chose choos; chosen choos; choice choos; drew draw; drawn draw; forgot forget; forgotten
forget; grew grow; grown grow; judgement judg; knew know; known know; learner learn; learnt learn; lost lose; loss loss;
reasoner reason; retrieval retriev; spectra spectr; spectral spectr; spectrum spectr; spoken speak; taught teach;
thought thought; tokenizer tokeniz; trainer train; uncertainty uncertain; written write; wrote write; causal caus;
decoder decod; encoder encod; quantizer quantiz; hallucinatory hallucin; poison poison; routing router; route router;
routed router; optimizer optimiz; summary summariz; summarie summariz; summarization summariz
"""
IRREGULAR = dict(pair.split() for pair in _IRREGULAR.split(";"))


def stem(word: str) -> str:
    """What all forms of a folded word begin with, as far as endings tell."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    found = ENDINGS.fullmatch(word)
    return DOUBLED.sub(r"\1", found["stem"]) if found else word
