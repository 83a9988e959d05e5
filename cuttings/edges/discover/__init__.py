"""Discovery: what a source has to read. `discover(source, fetcher.bound_to(source), now=…)`.

discover.py   asks for the listings, method by method
feeds.py  sitemaps.py  pages.py  wordpress.py   what a listing says (pure)
sorting.py    which entries are worth reading, and why the others are not (pure)
"""

from cuttings.edges.discover.discover import discover, discover_comments
from cuttings.edges.discover.sorting import is_archive
from cuttings.edges.discover.values import Discovery, Failure, Found

__all__ = ["Discovery", "Failure", "Found", "discover", "discover_comments", "is_archive"]
