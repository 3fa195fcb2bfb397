"""Digests in the language of each reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.render.digest import digest_messages
from bot.delivering import Render
from bot.kit import Kit
from bot.models import Digest, Message, Reader
from bot.rules.edition import FOLLOWED
from bot.wording import LANGUAGES, Words


def renderer(kit: Kit) -> Render:
    """Renders a digest in its reader's language."""
    links = {"abstract": kit.settings.links_abstract, "pdf": kit.settings.links_pdf}
    voices = {language: Words(language) for language in LANGUAGES}
    names: Mapping[str, Mapping[str, str]] = {
        language: {known.slug: known.label(language) for known in kit.directions} | {FOLLOWED: words("digest.followed")}
        for language, words in voices.items()
    }

    def render(digest: Digest, reader: Reader) -> Sequence[Message]:
        words = voices["zh" if reader.language == "zh" else "en"]
        return digest_messages(digest, reader, words, links, names[words.language])

    return render
