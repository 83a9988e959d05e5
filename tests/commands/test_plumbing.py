"""Each stage is a filter: one answer a line, in order, and an error is an answer."""

import json
import subprocess
import sys

import pytest

from flows.place import HOME

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Day centre reopens | Moor News</title>
<meta property="og:title" content="Day centre reopens"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-10-28T09:00:00+00:00"></head>
<body class="single-post"><header><nav><a href="/">Home</a></nav></header>
<article class="post"><h1 class="entry-title">Day centre reopens</h1><div class="entry-content">
<p>The day centre on Mill Lane has reopened after eleven months, with room for thirty people a day and a kitchen that
they run themselves.</p>
<p>The council closed it last winter because the roof leaked. Families said that the months without it had been the
hardest since the pandemic, and that respite at home was no substitute.</p>
<p>Staff who had been sent to other services have come back, and a second minibus will start in the new year.</p>
</div></article>
<div id="comments"><h2 class="comments-title">1 comment</h2><ol class="comment-list">
<li id="comment-7" class="comment"><article class="comment-body"><footer class="comment-meta">
<div class="comment-author vcard"><b class="fn">Nell Harker</b> <span class="says">says:</span></div>
<div class="comment-metadata"><time datetime="2026-10-28T19:02:11+00:00">28 October 2026 at 7:02 pm</time></div>
</footer>
<div class="comment-content"><p>My brother has waited a year for this. Thank you to the drivers above all.</p></div>
</article></li></ol></div></body></html>"""


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "day centre.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


ARTICLE_KEYS = {
    "url", "title", "standfirst", "authors", "author_bio", "kind", "language", "published", "precision", "modified",
    "paragraphs", "subheads", "pull_quotes", "references", "related_links", "version_note", "repairs",
}  # fmt: skip
COMMENT_KEYS = {"article", "n", "author", "author_url", "by_article_author", "posted", "text", "parent", "links"}


def test_read_answers_in_the_shape_of_the_design(answers, page):
    (answer,) = answers("read", [{"paths": [str(page)], "url": "https://moor.example/2026/10/28/day-centre/"}])
    assert set(answer) == {"articles", "comments", "set_aside"}
    (article,) = answer["articles"]
    assert set(article) == ARTICLE_KEYS
    assert article["title"] == "Day centre reopens"
    assert len(article["paragraphs"]) == 3
    assert (article["published"], article["precision"]) == ("2026-10-28T09:00:00+00:00", "time")
    (comment,) = answer["comments"]
    assert set(comment) == COMMENT_KEYS
    assert (comment["author"], comment["article"], comment["n"]) == ("Nell Harker", 0, 1)
    assert comment["text"].startswith("My brother has waited")


def test_read_by_hand_prints_the_same(cuttings, page):
    done = cuttings("read", page)
    assert done.returncode == 0
    assert json.loads(done.stdout)["articles"][0]["title"] == "Day centre reopens"


def test_judge_label_and_quote_take_a_page_too(cuttings, page):
    assert json.loads(cuttings("judge", page).stdout)["verdicts"][0]["outcome"] == "genuine"
    assert json.loads(cuttings("label", page).stdout)["articles"][0]["title"] == "Day centre reopens"
    assert json.loads(cuttings("quote", page, "--sentences", "1").stdout)["articles"][0]["quotes"]


def test_judge_answers_in_the_shape_of_the_design(answers):
    thread = {
        "article": {"title": "Day centre reopens", "published": "2026-10-28", "text": "It is open.", "authors": []},
        "comments": [
            {"n": 4, "author": "Nell Harker", "author_url": None, "posted": "2026-10-28T19:02:11",
             "text": "My brother has waited a year for this day centre. Thank you to the drivers above all.",
             "parent": None, "links": []},
            {"n": 9, "author": "Nell Harker", "author_url": None, "posted": "2026-10-28T19:02:12",
             "text": "My brother has waited a year for this day centre. Thank you to the drivers above all.",
             "parent": None, "links": []},
        ],
    }  # fmt: skip
    (answer,) = answers("judge", [thread])
    first, second = answer["verdicts"]
    assert set(first) == {"n", "outcome", "quotable", "score", "because", "duplicate_of"}
    assert (first["n"], first["outcome"], first["duplicate_of"]) == (4, "genuine", None)
    assert (second["n"], second["outcome"], second["duplicate_of"]) == (9, "duplicate", 4)
    assert all(set(reason) == {"rule", "weight", "sentence"} for reason in second["because"])


def test_label_answers_in_the_shape_of_the_design(answers):
    question = {
        "title": "Direct payments: who decides?",
        "standfirst": None,
        "text": "A personal budget is yours to spend.",
    }
    (answer,) = answers("label", [question])
    assert answer["primary"] == "personalisation"
    assert {"theme", "score", "evidence"} == set(answer["labels"][0])
    assert answer["labels"][0]["evidence"]


def test_a_copy_joins_the_story_of_the_elder(answers):
    text = json.loads(json.dumps(PAGE.split('entry-content">')[1].split("</div>")[0]))
    rows = [
        {"id": "a", "title": "Day centre reopens", "text": text, "published": "2026-10-28", "source": "moor"},
        {"id": "b", "title": "Day centre open again", "text": "From the Moor News. " + text, "published": "2026-10-29",
         "source": "dale"},
        {"id": "c", "title": "Bus fares rise", "text": "Fares go up by nine pence in January. " * 12, "published": None,
         "source": "moor"},
    ]  # fmt: skip
    answered = answers("stories", rows)
    assert [(a["id"], a["story"]) for a in answered] == [("a", "a"), ("b", "a"), ("c", "c")]
    assert answered[1]["similarity"] > 0.6


def test_quotes_are_word_for_word(answers):
    text = (
        "The day centre has reopened after eleven months. Families had asked for it at every meeting of the board. "
        "However, the second minibus will come in the new year. Thirty people a day can use the kitchen and the garden."
    )
    (answer,) = answers("quote", [{"text": text, "sentences": 2}])
    assert len(answer["quotes"]) == 2
    assert all(text[q["start"] : q["end"]] == q["text"] for q in answer["quotes"])


@pytest.mark.parametrize(
    ("command", "line", "kind"),
    [
        ("read", "{", "bad-json"),
        ("read", "[]", "bad-input"),
        ("read", {"paths": []}, "bad-input"),
        ("read", {"paths": ["/nowhere/at/all.html"]}, "file"),
        ("read", {"paths": ["/dev"]}, "file"),
        ("read", {"paths": ["x\u0000y"]}, None),
        ("judge", {"article": [], "comments": []}, None),
        ("judge", {"article": {}, "comments": [1]}, "bad-input"),
        ("judge", {"article": {}, "comments": [{"n": "one"}]}, "bad-input"),
        ("label", {"title": 7}, "bad-input"),
        ("stories", {"text": "no id"}, "bad-input"),
        ("quote", {}, "bad-input"),
        ("quote", {"text": "x", "sentences": 0}, "bad-input"),
        ("quote", "[" * 100_000, None),
    ],
)
def test_an_error_is_an_answer_and_the_next_line_is_answered_too(answers, command, line, kind):
    good = {
        "read": {"paths": ["/nowhere"]}, "judge": {"article": {}, "comments": []}, "label": {"title": "x", "text": ""},
        "stories": {"id": "z", "text": "x"}, "quote": {"text": "x"},
    }[command]  # fmt: skip
    first, second = answers(command, [line, good])
    if command != "judge" or kind:
        assert set(first["error"]) >= {"kind", "detail"}
    if kind:
        assert first["error"]["kind"] == kind
    assert second


def test_broken_utf8_is_an_answer(cuttings):
    done = cuttings("quote", "--jsonl", stdin=b'{"text": "\xff\xfe"}\n{"text": "Fine."}\n')
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert first["error"]["kind"] == "bad-json"
    assert "quotes" in second


def test_each_answer_is_there_before_the_next_question():
    with subprocess.Popen(
        [sys.executable, "-m", "flows.commands.main", "quote", "--jsonl"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=HOME,
    ) as process:  # fmt: skip
        for n in range(3):
            process.stdin.write(json.dumps({"text": f"This is sentence {n}, and it is long enough."}).encode() + b"\n")
            process.stdin.flush()
            assert "quotes" in json.loads(process.stdout.readline())
        process.stdin.close()


def test_a_file_that_is_not_there_is_a_sentence(cuttings):
    done = cuttings("read", "nowhere.html")
    assert done.returncode == 1
    assert b"nowhere.html" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_unknown_family_names_the_known_ones(cuttings, page):
    done = cuttings("read", page, "--family", "geocities")
    assert done.returncode == 1
    assert b"wordpress" in done.stderr
