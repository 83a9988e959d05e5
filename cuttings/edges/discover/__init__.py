"""Discovery: what a source has to read. `discover(source, fetcher.bound_to(source), now=…)`.

discover.py  task.py  rest.py  walking.py   ask for the listings, method by method
feeds.py  sitemaps.py  lists.py  turner.py  govuk.py  wordpress.py  opml.py   what a listing says (pure)
probe.py  guess.py  hints.py  blocks.py   how a site could be read that nobody has configured yet
sorting.py    which entries are worth reading, and why the others are not (pure)
"""

from cuttings.edges.discover.discover import discover, discover_comments
from cuttings.edges.discover.sorting import is_archive
from cuttings.edges.discover.values import Discovery, Failure, Found

__all__ = ["Discovery", "Failure", "Found", "discover", "discover_comments", "is_archive"]
