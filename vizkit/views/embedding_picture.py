"""Points in a plane as a matplotlib figure. Only draws what it is given."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.image import AxesImage

from vizkit import style
from vizkit.views.thumbnails import stamp

POINTS = 20_000  # of more, a sample is drawn
THUMBS = 90
CHOSEN, FALSE = "#1976d2", "#d55e00"
# From false to true; tints.js has the same three.
TRUST = LinearSegmentedColormap.from_list("trust", ["#d55e00", "#b4aaa0", "#0072b2"])
MARKERS = "os^D"  # after ten colours the shape changes; points.js draws the same ones


def draw(view):
    """Points of an EmbeddingViewer in the colours and shapes of their labels, with thumbnails."""
    figure = style.figure(7.6, 5.2)
    axes = figure.subplots()
    placed = np.flatnonzero(np.isfinite(view.positions).all(1))
    shown = placed
    if len(placed) > POINTS:
        shown = np.sort(np.random.default_rng(0).choice(placed, POINTS, replace=False))
    points, codes = view.positions[shown], view.codes[shown]
    size = np.clip(14000 / max(1, len(shown)), 2, 40)
    trusted = view.colouring == "trust" and view.trust is not None
    if trusted:
        drawn = axes.scatter(*points.T, s=size, c=view.trust[shown] * 10, cmap=TRUST, vmin=0,
                             vmax=10, linewidths=0, alpha=0.85)
        figure.colorbar(drawn, ax=axes, shrink=0.6, label="of the 10 nearest drawn, true ones")
    for code, name in enumerate([] if trusted else view.groups):
        mine = points[codes == code]
        colour, marker = look(code, len(view.groups))
        axes.scatter(*mine.T, s=size, color=colour, marker=marker, label=name, linewidths=0,
                     alpha=0.85)
    if view.thumbs is not None and len(shown) and not trusted:
        draw_thumbnails(axes, view, shown)
    draw_answers(axes, view)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel(view.axes[0])
    axes.set_ylabel(view.axes[1])
    axes.tick_params(labelsize=8, colors=style.FAINT)
    for side in axes.spines.values():
        side.set_color("#cccccc")
    if 1 < len(view.groups) <= 40 and not trusted:
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=8,
                    markerscale=np.sqrt(30 / size), ncols=1 + (len(view.groups) > 20))
    note = f" (a sample of {POINTS:,} drawn)" if len(shown) < len(placed) else ""
    axes.set_title(view.summary().removeprefix("EmbeddingViewer: ") + note, fontsize=10)
    return figure


def draw_answers(axes, view):
    """The chosen point with its true neighbours and the false ones, and the path."""
    at = view.positions
    if view.near is not None:
        for other in view.near:
            axes.plot(*at[[view.chosen, other]].T, color=style.INK, linewidth=0.9, zorder=4)
        axes.plot(*at[view.near].T, "o", markerfacecolor="none", markeredgecolor=style.INK,
                  markersize=9, zorder=5)
        axes.plot(*at[view.chosen], "o", markerfacecolor="none", markeredgecolor=CHOSEN,
                  markeredgewidth=2.5, markersize=13, zorder=6)
        if view.drawn is not None:
            false = view.drawn[view.ranks > len(view.near)]
            axes.plot(*at[false].T, "X", color=FALSE, markeredgecolor="white", markersize=7,
                      zorder=5)
    if view.route is not None:
        axes.plot(*at[view.route].T, "o-", color=CHOSEN, linewidth=2, markersize=5, zorder=6)
        for end, letter in ((0, "A"), (-1, "B")):
            axes.annotate(letter, at[view.route[end]], xytext=(0, 7), textcoords="offset points",
                          ha="center", fontweight="bold", color=CHOSEN, zorder=7)


def draw_thumbnails(axes, view, shown):
    """Pictures of some points, none over another."""
    points = view.positions[shown]
    low, high = points.min(0), points.max(0)
    side = float((high - low).max() or 1) * 0.05
    taken = []
    for index in np.random.default_rng(0).permutation(shown):
        here = view.positions[index]
        if all(np.abs(here - other).max() > side * 1.15 for other in taken):
            taken.append(here)
            colour = look(view.codes[index], len(view.groups))[0]
            x, y = here - side / 2
            picture = AxesImage(axes, extent=(x, x + side, y, y + side), zorder=3,
                                interpolation="nearest", origin="upper")
            picture.set_data(stamp(view.thumbs[index], view.ink, colour))
            axes.add_image(picture)
        if len(taken) == THUMBS:
            break


def look(code, count):
    """(colour, marker) of a group: ten colours, then the same ones in the next shape.

    >>> look(0, 30), look(11, 30)
    (('#0072b2', 'o'), ('#e69f00', 's'))
    """
    colours = style.CATEGORIES
    return colours[code % len(colours)], MARKERS[code // len(colours) % len(MARKERS)]
