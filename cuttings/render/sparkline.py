"""A row of counts as a tiny column chart, an SVG in a data: address. The numbers stand beside it as text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from cuttings.render.safe import Picture

WIDTH, HEIGHT, GAP = 11, 18, 3  # of one column, in SVG units
INK, NOW = "#8a97a3", "#16324f"


def sparkline(counts: Sequence[int]) -> Picture:
    """A column per period, the last one dark; zero is a hair line, so that it can be seen to be zero."""
    top = max(max(counts, default=0), 1)
    columns = []
    for n, count in enumerate(counts):
        height = max(count / top * HEIGHT, 0.6)
        colour = NOW if n == len(counts) - 1 else INK
        x, y = n * (WIDTH + GAP), HEIGHT - height
        columns.append(f'<rect x="{x}" y="{y:.2f}" width="{WIDTH}" height="{height:.2f}" fill="{colour}"/>')
    width = max(len(counts) * (WIDTH + GAP) - GAP, 1)
    size = f'viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(columns)}</svg>'
    return Picture(f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}")


def course(counts: Sequence[int]) -> str:
    """The same in words, for those who can't see it."""
    if len(counts) < 2:
        return f"{counts[0] if counts else 0} now"
    before, now = counts[-2], counts[-1]
    return f"{'up' if now > before else 'down' if now < before else 'the same'}: {before} before, {now} now"
