"""Each role does its part and no other; with SQLite there is one process that does all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot import app
from bot.chat.application import Service
from bot.chat.roles import Role, role_of
from bot.errors import UsageError
from bot.kit import Kit
from tests.chat.telegram import TOKEN


@pytest.mark.parametrize(("role", "parts"), [
    (Role.ALL, ["open", "connect", "listen", "keep_clock", "send"]), (Role.CHAT, ["open", "connect", "listen"]),
    (Role.WORKER, ["open", "connect", "send"]), (Role.CLOCK, ["open", "keep_clock"]),
])  # fmt: skip
async def test_a_role_is_made_of_its_parts(kit: Kit, role: Role, parts: list[str]) -> None:
    with_token = replace(kit, settings=kit.settings.model_copy(update={"telegram_token": SecretStr(TOKEN)}))
    assert [part.__name__ for part in Service(with_token, role).parts()] == parts


def test_a_role_that_is_none_is_named() -> None:
    with pytest.raises(UsageError) as refused:
        role_of("boss", several=True)
    assert (refused.value.key, refused.value.values["role"]) == ("unknown_role", "boss")


@pytest.mark.parametrize("role", [Role.CHAT, Role.WORKER, Role.CLOCK])
def test_a_part_alone_needs_a_database_for_several(role: Role) -> None:
    assert role_of(role, several=True) is role
    with pytest.raises(UsageError, match="PostgreSQL"):
        role_of(role, several=False)
    assert role_of("all", several=False) is Role.ALL


async def test_the_clock_alone_does_without_a_token(kit: Kit) -> None:
    assert not kit.settings.telegram_token.get_secret_value()
    assert Service(kit, Role.CLOCK).role is Role.CLOCK
    assert [role for role in Role if not role.calls_telegram] == [Role.CLOCK]


@pytest.mark.parametrize("role", ["all", "chat", "worker"])
def test_whoever_calls_telegram_needs_a_token(kit: Kit, role: str) -> None:
    several = kit.settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"})
    with pytest.raises(UsageError) as refused:
        app.serve(several, role)
    assert refused.value.key == "no_token"


def test_only_those_who_answer_have_a_webhook_and_the_site(kit: Kit) -> None:
    hooked = kit.settings.model_copy(update={"telegram_webhook_url": "https://papers.example.org/telegram/x"})
    assert hooked.listens_on
    assert (app.behind(hooked).listens_on, app.behind(hooked).site_serve) == ("", False)
    assert [role for role in Role if role.answers] == [Role.ALL, Role.CHAT]
