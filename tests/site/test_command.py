"""``qiaojin site build``: what it says, in both languages, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.cli


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["qiaojin", *arguments])
    with pytest.raises(SystemExit) as ended:
        bot.cli.main()
    return int(ended.value.code or 0)


@pytest.fixture(autouse=True)
def own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QIAOJIN_DATA_DIR", str(tmp_path / "data"))


def test_the_sample_becomes_a_site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--language", "zh", "site", "build", str(tmp_path / "public"), "--sample") == 0
    told = capsys.readouterr()
    assert str(tmp_path / "public") in told.out
    assert "篇论文" in told.out
    assert "QIAOJIN_WEB_URL" in told.err
    assert (tmp_path / "public" / "zh" / "index.html").exists()


@pytest.mark.parametrize(("language", "said"), [("zh", "里有别的东西"), ("en", "nothing in it was touched")])
def test_a_folder_of_somebody_else_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "thesis.tex").write_text("x")
    assert run(monkeypatch, "--language", language, "site", "build", str(tmp_path / "theirs")) == 2
    assert said in capsys.readouterr().err
