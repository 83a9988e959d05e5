from cuttings.digest import officer_notice, readers_notice
from tests.digest.corpus import AUDIT, MANAGERS, MEMBERS, digest, stories


def test_the_officer_is_told_why_with_the_counts():
    notice = officer_notice(digest(held=()))
    assert notice.to == "contact"
    assert "5–11 Oct 2026" in notice.subject
    assert "no article was found, and 1 source could not be read" in notice.lines[0]
    assert any("Coastal Care News" in line for line in notice.lines)


def test_all_sources_down_is_another_story():
    down = AUDIT.__class__(sources=("A", "B"), sources_failed=(("A", "no answer"), ("B", "no answer")))
    assert "no source could be read" in officer_notice(digest(held=(), audit=down)).lines[0]


def test_what_was_left_out_is_said():
    members = digest(MEMBERS, tuple(s for s in stories() if s.key == "gardens"))
    assert members.empty
    assert "1 without a theme" in officer_notice(members).lines[0]


def test_readers_get_nothing_or_two_lines():
    assert readers_notice(digest(held=()), MANAGERS) is None
    notice = readers_notice(digest(MEMBERS, ()), MEMBERS)
    assert notice is not None
    assert len(notice.lines) == 2
    assert "October 2026" in notice.lines[0]
    assert "Dilys Arkwright" in notice.lines[1]
