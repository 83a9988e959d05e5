"""The parts of reading that need no Prefect: what a fault of ours costs."""

import pytest

from cuttings.edges.limited import CannotStart, Crashed, Exceeded
from cuttings.model import Page, Unreadable
from flows.reading import READER_FAILED, TOO_DEMANDING, Readers

PAGE = Page("https://moor.example/a", b"<p>x")


class Worker:
    """Stands where the process would, and fails as it was told."""

    def __init__(self, error):
        self._error = error

    def run(self, *_, **__):
        raise self._error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Exceeded("cpu", "It took more than 10 seconds."), TOO_DEMANDING),
        (Crashed("The worker was killed."), READER_FAILED),
        (KeyError("href"), READER_FAILED),
        (ValueError("Invalid IPv6 URL"), READER_FAILED),
        (TypeError("None"), READER_FAILED),
    ],
)
def test_a_fault_on_one_page_is_that_pages_failure(error, reason):
    with pytest.raises(Unreadable) as told:
        Readers([Worker(error)]).read([PAGE], None, "moor")
    assert (told.value.field, told.value.detail) == ("paragraphs", reason)


def test_no_worker_at_all_is_no_fault_of_a_page():
    with pytest.raises(CannotStart):
        Readers([Worker(CannotStart("no memory"))]).read([PAGE], None, "moor")


def test_the_worker_is_free_again_after_a_fault():
    readers = Readers([Worker(KeyError("x"))])
    for _ in range(3):
        with pytest.raises(Unreadable):
            readers.read([PAGE], None, "moor")
