"""AttentionViewer's printed picture: all heads small, one large with its words, one token's looks.
"""

import numpy as np

from vizkit import style
from vizkit.views.attention_words import looks
from vizkit.views.saying import quoted

EMPTY = (236, 236, 236)  # where a causal model cannot look
LABELLED = 28  # tokens up to which each has its word at the map


def paint(weights, top, causal):
    """Weights (query, key) as colours (query, key, 3), as they are drawn."""
    return painted(np.sqrt(np.maximum(np.asarray(weights, float), 0) / top), causal)


def painted(roots, causal):
    """Roots of weights 0…1 as colours; above the diagonal empty where that is masked."""
    colours = style.paint(roots, 1.0, signed=False)
    if causal:
        rows, columns = roots.shape
        later = (np.arange(columns)[None] / columns) >= (np.arange(rows)[:, None] + 1) / rows
        colours[later] = EMPTY
    return colours


def draw(viewer):
    """The figure of an AttentionViewer."""
    layers, heads = viewer.thumbs.shape[:2]
    count, several = layers * heads, layers * heads > 1
    columns = heads if in_layers(viewer) else int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    cell = min(0.9, 3.4 / max(columns, rows))
    wide = max(1.0, cell * columns + 0.35) if several else 0
    note = 0.55 if viewer.token >= 0 else 0
    asking, keys = viewer.now.shape
    tall = 0.8 + max(0.9, 3.1 * min(1, asking / keys))  # of the large map with its words
    figure = style.figure(wide + 4.6, max(tall, several * (cell * rows + 0.7)) + note)
    grid = figure.add_gridspec(1, 1 + several, width_ratios=[wide, 4.6][1 - several:])
    if several:
        sheet(figure.add_subplot(grid[0]), viewer, columns)
    large(figure, figure.add_subplot(grid[several]), viewer)
    if note:
        figure.supxlabel(told(viewer), fontsize=9, color=style.INK, x=0.01, ha="left")
    style.headline(figure, viewer.caption)
    return figure


def in_layers(viewer):
    """Do the small maps stand in rows, each a layer? Else they fill a block."""
    return viewer.noun == "head" and len(viewer.thumbs) > 1


def sheet(axes, viewer, columns):
    """All heads: layers from top to bottom, heads from left to right. Other maps fill a block."""
    thumbs = viewer.thumbs
    layers, heads, height, width = thumbs.shape
    enlarge = max(1, round(60 / max(height, width)))
    pictures = []
    for levels in thumbs.reshape(-1, height, width):
        roots = np.where(levels == 255, np.nan, levels / 254.0)
        pictures.append(painted(roots, viewer.causal))
    pictures = np.stack(pictures).repeat(enlarge, 1).repeat(enlarge, 2)
    gap = max(2, pictures.shape[2] // 12)
    style.picture(axes, style.tiles(pictures, columns, gap))
    step = np.array([pictures.shape[2], pictures.shape[1]]) + gap
    row, column = divmod(viewer.selected, columns)
    axes.add_patch(box(column * step[0] - gap / 2 - 0.5, row * step[1] - gap / 2 - 0.5, *step))
    if in_layers(viewer):
        every = -(-max(layers, heads) // 16)
        axes.set_yticks((np.arange(0, layers, every) + 0.5) * step[1] - gap / 2,
                        range(0, layers, every), fontsize=8)
        axes.set_xticks((np.arange(0, heads, every) + 0.5) * step[0] - gap / 2,
                        range(0, heads, every), fontsize=8)
        axes.set_ylabel("layer", fontsize=8)
    first, last = viewer.names[0], viewer.names[-1]
    axes.set_xlabel("head" if in_layers(viewer) else f"heads 0…{heads - 1}"
                    if viewer.noun == "head" else f"{first}\n… {last}", fontsize=8)
    axes.tick_params(length=0)
    axes.set_anchor("N")


def box(x, y, width, height):
    """A frame around what is chosen."""
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), width, height, fill=False, edgecolor=style.CATEGORIES[3], linewidth=2,
                     clip_on=False)


def large(figure, axes, viewer):
    """The chosen head, with its words where there are few enough."""
    drawn = paint(viewer.now, viewer.top, viewer.causal)
    rows, columns = drawn.shape[:2]
    size = max(1, 320 // max(rows, columns))  # pixels of a cell: the scale beside it is as fine
    style.picture(axes, drawn.repeat(size, 0).repeat(size, 1), viewer.called)
    for name, words in (("x", viewer.tokens), ("y", viewer.asking)):
        some = len(words) > LABELLED
        places = np.arange(0, len(words), -(-len(words) // 12) if some else 1)
        texts = [str(k) if some else style.shorten(shown(words[k]), 12) for k in places]
        getattr(axes, f"set_{name}ticks")((places + 0.5) * size - 0.5, texts, fontsize=7,
                                          rotation=90 if name == "x" else 0)
    axes.tick_params(length=0)
    axes.set_xlabel("… looks at this token", fontsize=8)
    axes.set_ylabel("this token …", fontsize=8)
    axes.set_anchor("N")
    style.legend(figure, axes, viewer.top, signed=False)
    bar = axes.child_axes[-1]
    bar.set_yticks([0, 0.5, 1], [style.number(share * viewer.top) for share in (0, 0.25, 1)],
                   fontsize=8)  # the colours are of the square root
    if viewer.token >= 0:
        axes.add_patch(box(-0.5, viewer.token * size - 0.5, columns * size, size))


def shown(word):
    """A token as matplotlib can write it: no line breaks, and no formula between two $."""
    return word.replace("\n", "↵").replace("$", r"\$")


def told(viewer):
    """Where the chosen token looks and who looks at it, in a line or two."""
    words, token = viewer.tokens, viewer.token
    said = (f"{quoted(viewer.asking[token])} (token {token}) looks at "
            f"{looks(viewer.now[token], words)}")
    if not viewer.queries:
        said += f"\nlooked at by {looks(viewer.now[:, token], words)}"
    return said.replace("$", r"\$")
