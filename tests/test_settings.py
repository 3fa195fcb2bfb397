"""Settings: the shipped defaults under the user's own file under the environment; a wrong one is told by its name."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, configured, load_settings, shipped
from bot.settings.reading import SECRETS, flat
from bot.wording import LANGUAGES, Words

SHIPPED = shipped("settings.toml")


def load(own: str = "", tmp_path: Path | None = None, **environment: str) -> Settings:
    """Settings of a user whose own file holds ``own``."""
    folder = tmp_path or Path("/nonexistent")
    if tmp_path:
        (tmp_path / "settings.toml").write_text(own, encoding="utf-8")
    return load_settings({"QIAOJIN_CONFIG_DIR": str(folder), "HOME": "/nonexistent", **environment})


def refused(*, own: str = "", tmp_path: Path | None = None, **environment: str) -> SettingsError:
    with pytest.raises(SettingsError) as error:
        load(own, tmp_path, **environment)
    return error.value


# --- the shipped file ---------------------------------------------------------------------------------------------


def test_every_setting_stands_in_the_shipped_file_with_its_default() -> None:
    listed = set(flat(tomllib.loads(SHIPPED.read_text(encoding="utf-8"))))
    assert listed == set(Settings.model_fields) - SECRETS - {"feeds"}


def test_every_key_of_the_shipped_file_has_a_comment_before_it_or_its_table() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    bare = []
    for number, line in enumerate(lines):
        if re.match(r"[a-z_]+ = ", line):
            above = lines[number - 1]
            in_list = re.match(r"[a-z_]+ = ", above) and [row for row in lines[:number] if row.startswith("#")]
            if not above.startswith(("#", "[")) and not in_list:
                bare.append(line)
    assert bare == []
    text = SHIPPED.read_text(encoding="utf-8")
    assert all(f"QIAOJIN_{name.upper()}" in text for name in SECRETS)
    assert "[[feeds]]" in text


def test_the_promised_defaults() -> None:
    settings = load()
    assert settings.arxiv_api_url == "https://export.arxiv.org/api/query"
    assert settings.arxiv_feed_url == "https://rss.arxiv.org"
    assert settings.hf_url == "https://huggingface.co"
    assert settings.telegram_api_url == "https://api.telegram.org/bot"
    assert settings.categories == ["cs.CL", "cs.LG", "cs.AI", "cs.CV", "cs.IR", "cs.MA"]
    assert settings.digest_limit == 5
    assert settings.arxiv_pace_seconds == 3
    assert date(2026, 6, 22) in settings.arxiv_holidays
    assert settings.now is None
    assert settings.database.startswith("sqlite:///")


# --- who wins -----------------------------------------------------------------------------------------------------


def test_the_environment_wins_over_the_users_file_and_that_over_the_default(tmp_path: Path) -> None:
    own = "[digest]\nlimit = 7\n[arxiv]\nfeed_url = 'http://mine.example'\n"
    assert load(own, tmp_path).digest_limit == 7
    assert load(own, tmp_path, QIAOJIN_DIGEST_LIMIT="9").digest_limit == 9
    assert load(own, tmp_path, QIAOJIN_DIGEST_LIMIT="9").arxiv_feed_url == "http://mine.example"
    assert load(own, tmp_path).hf_url == "https://huggingface.co"


@pytest.mark.parametrize(
    ("name", "value", "setting", "read"),
    [
        ("QIAOJIN_CATEGORIES", "cs.CL, cs.LG", "categories", ["cs.CL", "cs.LG"]),
        ("QIAOJIN_CATEGORIES", "cs.CL math astro-ph.CO", "categories", ["cs.CL", "math", "astro-ph.CO"]),
        ("QIAOJIN_NOW", "2026-06-17T12:00:00Z", "now", datetime(2026, 6, 17, 12, tzinfo=UTC)),
        ("QIAOJIN_NOW", "2026-06-17T12:00:00+08:00", "now", datetime(2026, 6, 17, 4, tzinfo=UTC)),
        ("QIAOJIN_NOW", "2026-06-17T12:00:00", "now", datetime(2026, 6, 17, 12, tzinfo=UTC)),
        ("QIAOJIN_NOW", "", "now", None),
        ("QIAOJIN_PROXY", "socks5://user:secret@host:1080", "proxy", "socks5://user:secret@host:1080"),
        ("QIAOJIN_HF_URL", "http://mirror.example/", "hf_url", "http://mirror.example"),
        ("QIAOJIN_DATA_DIR", "/srv/q", "database", "sqlite:////srv/q/qiaojin.sqlite3"),
        ("QIAOJIN_DATABASE_URL", "sqlite:////a/b", "database", "sqlite:////a/b"),
        ("QIAOJIN_DATABASE_URL", "postgresql+psycopg://a:b@h:5/d", "database", "postgresql+psycopg://a:b@h:5/d"),
        ("QIAOJIN_ARXIV_HOLIDAYS", "2026-07-03 2026-12-25", "arxiv_holidays", [date(2026, 7, 3), date(2026, 12, 25)]),
        ("QIAOJIN_ARXIV_PACE_SECONDS", "0", "arxiv_pace_seconds", 0),
    ],
)
def test_the_environment_is_read_as_people_write_it(name: str, value: str, setting: str, read: object) -> None:
    assert getattr(load(**{name: value}), setting) == read


def test_blogs_come_from_the_file_or_the_environment(tmp_path: Path) -> None:
    own = "[[feeds]]\ntitle = 'Lab'\nurl = 'https://lab.example/feed'\n"
    assert [(feed.title, feed.url) for feed in load(own, tmp_path).feeds] == [("Lab", "https://lab.example/feed")]
    (feed,) = load(QIAOJIN_FEEDS="https://lab.example/feed").feeds
    assert feed.url == "https://lab.example/feed"


def test_other_peoples_variables_are_left_alone() -> None:
    assert load(PATH="/bin", ARXIV_API_URL="nonsense").arxiv_api_url == "https://export.arxiv.org/api/query"


def test_a_users_own_directions_take_the_place_of_the_shipped_ones(tmp_path: Path) -> None:
    environment = {"QIAOJIN_CONFIG_DIR": str(tmp_path)}
    assert configured("directions.toml", environment) == shipped("directions.toml")
    (tmp_path / "directions.toml").write_text("")
    assert configured("directions.toml", environment) == tmp_path / "directions.toml"


# --- what is wrong ------------------------------------------------------------------------------------------------

WRONG = {
    "QIAOJIN_LANGUAGE": "fr",
    "QIAOJIN_CATEGORIES": "cs.CL; rm -rf",
    "QIAOJIN_PROXY": "ftp://host",
    "QIAOJIN_CONTACT": "naïve@example.org",
    "QIAOJIN_NOW": "tomorrow",
    "QIAOJIN_DATABASE_URL": "postgresql://x/y",
    "QIAOJIN_ARXIV_API_URL": "export.arxiv.org",
    "QIAOJIN_ARXIV_FEED_URL": "file:///etc/passwd",
    "QIAOJIN_HF_URL": "https://",
    "QIAOJIN_ARXIV_PACE_SECONDS": "-1",
    "QIAOJIN_ARXIV_HOLIDAYS": "Christmas",
    "QIAOJIN_LINKS_ABSTRACT": "https://arxiv.org/abs/",
    "QIAOJIN_DIGEST_LIMIT": "51",
    "QIAOJIN_TELEGRAM_API_URL": "",
    "QIAOJIN_FEEDS": "not-an-address",
}


@pytest.mark.parametrize("value", ["http://host:here", "socks5://me:hunter2@host:99999", "host:1080"])
def test_a_proxy_that_has_no_address_is_told_without_its_password(value: str) -> None:
    error = refused(QIAOJIN_PROXY=value)
    assert error.key == "wrong_setting"
    assert "hunter2" not in Words("en").error(error)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_told_with_its_name_and_what_is_allowed(name: str, language: str) -> None:
    error = refused(**{name: WRONG[name]})
    told = Words(language).error(error)
    kind = Settings.model_fields[name.removeprefix("QIAOJIN_").lower()].description
    assert name in told
    assert Words(language)(f"allowed.{kind}") in told
    assert "\n" not in told
    assert error.exit_status == 2


def test_categories_may_not_be_empty() -> None:
    assert "QIAOJIN_CATEGORIES" in str(refused(QIAOJIN_CATEGORIES=" , "))


def test_a_value_that_may_hold_a_password_is_not_repeated() -> None:
    for name, value in {
        "QIAOJIN_PROXY": "gopher://me:hunter2@h",
        "QIAOJIN_DATABASE_URL": "mysql://me:hunter2@h/d",
    }.items():
        error = refused(**{name: value})
        assert "hunter2" not in str(error) + Words("zh").error(error) + Words("en").error(error)


@pytest.mark.parametrize("password", ["x@hunter2", "@hunter2", "hunter2@", "x@hun:hunter2", "x@hunter2/y"])
def test_a_password_whose_at_is_not_encoded_is_refused_before_half_of_it_is_taken_for_the_host(password: str) -> None:
    error = refused(QIAOJIN_DATABASE_URL=f"postgresql+psycopg://me:{password}@h/d")
    told = Words("en").error(error)
    assert "hunter2" not in str(error) + told
    assert "%40" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_name_is_told_with_the_nearest(language: str, tmp_path: Path) -> None:
    told = Words(language).error(refused(QIAOJIN_CATEGORYS="cs.CL"))
    assert "QIAOJIN_CATEGORYS" in told
    assert "QIAOJIN_CATEGORIES" in told
    told = Words(language).error(refused(own="[arxiv]\napi_ulr = 'x'\n", tmp_path=tmp_path))
    assert "arxiv_api_ulr" in told
    assert "arxiv_api_url" in told
    assert str(tmp_path) in told


def test_a_wrong_value_in_a_file_is_told_with_the_file(tmp_path: Path) -> None:
    told = str(refused(own="[digest]\nlimit = 'many'\n", tmp_path=tmp_path))
    assert "digest_limit" in told
    assert "settings.toml" in told


@pytest.mark.parametrize("own", ["[digest\nlimit = 3", "limit = ", "\x00"])
def test_a_file_that_is_no_toml_is_told_with_its_name(own: str, tmp_path: Path) -> None:
    assert "settings.toml" in str(refused(own=own, tmp_path=tmp_path))


@pytest.mark.parametrize("own", ["arxiv = 5\n", "digest = 'x'\n", "feeds = 5\n", "[categories]\nx = 1\n"])
def test_a_table_in_the_place_of_a_value_or_the_reverse_is_told(own: str, tmp_path: Path) -> None:
    assert refused(own=own, tmp_path=tmp_path).key in {"unknown_setting", "wrong_setting"}


# --- secrets ------------------------------------------------------------------------------------------------------


def test_a_secret_comes_from_the_environment_or_a_file_that_it_names(tmp_path: Path) -> None:
    assert load(QIAOJIN_TELEGRAM_TOKEN="1:abc").telegram_token.get_secret_value() == "1:abc"
    (tmp_path / "token").write_text("1:abc\n")
    assert load(QIAOJIN_TELEGRAM_TOKEN_FILE=str(tmp_path / "token")).telegram_token.get_secret_value() == "1:abc"


def test_a_secret_is_never_shown() -> None:
    assert "1:abc" not in repr(load(QIAOJIN_TELEGRAM_TOKEN="1:abc"))


def test_a_secret_in_a_file_of_settings_is_refused_without_being_repeated(tmp_path: Path) -> None:
    error = refused(own="[telegram]\ntoken = '1:hunter2'\n", tmp_path=tmp_path)
    assert error.key == "secret_in_file"
    for language in LANGUAGES:
        told = Words(language).error(error)
        assert "QIAOJIN_TELEGRAM_TOKEN" in told
        assert "hunter2" not in told


def test_a_secrets_file_that_cannot_be_read_is_told_with_its_path(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        told = str(refused(QIAOJIN_TELEGRAM_TOKEN_FILE=str(path)))
        assert "QIAOJIN_TELEGRAM_TOKEN_FILE" in told
        assert str(path) in told
