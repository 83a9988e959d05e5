"""The store: what was read, judged, decided, published and sent.

`open_store` gives a Store; each module beside this one answers one kind of question and its functions take
the store first: `articles.save(store, judged, …)`, `periods.stories(store, start, end, now=…)`. No function reads
the clock: `now` is an argument, in any zone.
"""

from cuttings.edges.store.connect import Store, StoreError, open_store

__all__ = ["Store", "StoreError", "open_store"]
