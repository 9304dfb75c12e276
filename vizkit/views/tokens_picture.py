"""The picture of a TokenViewer: pieces as coloured boxes in lines, as they stand in the text."""

import functools

from matplotlib import font_manager
from matplotlib.patches import FancyBboxPatch

from vizkit import style
from vizkit.views.pieces import hexadecimal, readable

WIDE = 92  # letters in a line of the picture
LINES = 9  # lines shown of each encoding
LETTER, SMALL = 8.2, 5.6  # pixels of a letter of a piece, and of the numbers below
LINE = 42  # pixels from one line of pieces to the next; more where characters stand above
FONT = "DejaVu Sans Mono"  # it comes with matplotlib: the same picture on every machine


def draw(cuts, names, below):
    """A Figure: under each encoding's name its pieces."""
    panels = [rows(boxes(cut, below)) for cut in cuts]
    heights = [[LINE + 16 * any(box["above"] for box in row) for row in part] for part in panels]
    total = sum(map(sum, heights)) + 30 * len(cuts) + 8
    figure = style.figure((WIDE * LETTER + 20) / style.DPI, total / style.DPI)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDE * LETTER + 20), ylim=(total, 0))
    axes.axis("off")
    top = 6
    for cut, name, part, tall in zip(cuts, names, panels, heights, strict=True):
        shown = sum(len(box["parts"]) for row in part for box in row)
        rest = "" if shown == len(cut) else f", the first {shown:,} shown"
        words = f"{drawable(name)}: {len(cut):,} token{'s' * (len(cut) != 1)}{rest}"
        axes.text(10, top, words, va="top", size=10, color=style.INK)
        top += 26
        for row, height in zip(part, tall, strict=True):
            top += height
            for box in row:
                draw_box(axes, box, 10, top - LINE + 2)
        top += 4
    return figure


def boxes(cut, below):
    """One box for each group of pieces: its parts (text, below, colour), width, text above it."""
    made = []
    for index in range(len(cut)):
        piece, group = cut.piece(index), cut.groups[index]
        if not made or made[-1]["group"] != group:
            made.append({"group": group, "parts": [], "bytes": b""})
        under = {"number": str(cut.numbers[index]), "bytes": hexadecimal(piece), "nothing": ""}
        made[-1]["parts"].append((piece, under[below], index))
        made[-1]["bytes"] += piece
    for box in made:
        shared = len(box["parts"]) > 1
        text = drawable(readable(box["bytes"].decode(errors="replace")))
        box["above"] = text if shared else ""
        box["parts"] = [(hexadecimal(piece) if shared else text, under, index)
                        for piece, under, index in box["parts"]]
        least = LETTER * len(box["above"]) / len(box["parts"])
        box["widths"] = [max(LETTER * len(text), SMALL * len(under), least) + 6
                         for text, under, _ in box["parts"]]
        box["ends line"] = box["bytes"].endswith(b"\n")
    return made


def rows(boxes):
    """The boxes in lines, each box with its place x in pixels; only so many lines."""
    lines, x = [[]], 0
    for box in boxes:
        width = sum(box["widths"]) + 3
        if lines[-1] and (x + width > WIDE * LETTER or lines[-1][-1]["ends line"]):
            lines.append([])
            x = 0
        if len(lines) > LINES:
            return lines[:-1]
        box["x"] = x
        lines[-1].append(box)
        x += width
    return lines


def draw_box(axes, box, left, top):
    """One group: a box for each of its pieces, and above them the characters that they share."""
    x = left + box["x"]
    if box["above"]:
        width = sum(box["widths"])
        axes.text(x + width / 2, top - 8, box["above"], ha="center", va="center", size=10,
                  family=FONT, color=style.INK)
        axes.plot([x, x, x + width - 2, x + width - 2], [top + 1, top - 1, top - 1, top + 1],
                  color=style.FAINT, lw=1, clip_on=False)
    for (text, under, index), width in zip(box["parts"], box["widths"], strict=True):
        colour = style.CATEGORIES[index % 6]
        axes.add_patch(FancyBboxPatch(
            (x, top + 3), width - 2, 20, boxstyle="round,pad=0,rounding_size=3", lw=0,
            facecolor=mixed(colour)))  # fmt: skip
        axes.text(x + width / 2 - 1, top + 13, text, ha="center", va="center", family=FONT,
                  size=10, color=style.INK)
        axes.text(x + width / 2 - 1, top + 30, under, ha="center", va="center", family=FONT,
                  size=7, color=style.FAINT)
        x += width


def mixed(colour, share=0.3):
    """A colour, "#rrggbb", mixed with white.

    >>> mixed("#000000", 0.5)
    '#808080'
    """
    parts = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + share * (part - 255)):02x}" for part in parts)


@functools.cache
def drawn_signs():
    """The characters that the picture's font has."""
    return frozenset(font_manager.get_font(font_manager.findfont(FONT)).get_charmap())


def drawable(text):
    """The text; what the picture's font does not have is named by its number in Unicode.

    >>> drawable("naïve 日")
    'naïve U+65E5'
    """
    return "".join(sign if ord(sign) in drawn_signs() else f"U+{ord(sign):04X}" for sign in text)
