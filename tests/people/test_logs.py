"""What goes wrong is logged with its kind and its place, never with somebody's words."""

import logging

from flows import progress


def test_a_fault_is_told_without_the_words_in_it(monkeypatch, caplog):
    monkeypatch.setattr(progress, "get_run_logger", lambda: logging.getLogger("people"))
    try:
        raise KeyError("Jo Brack")
    except KeyError:
        progress.say_fault("https://moor.example/night-care")
    (record,) = caplog.records
    said = logging.Formatter().format(record)
    assert "https://moor.example/night-care: KeyError" in said
    assert "test_logs.py" in said
    assert "Brack" not in said.replace('raise KeyError("Jo Brack")', "")
