"""Pictures in notebooks with their words, and `show` for a matplotlib figure of your own.

JupyterLab draws `image/png` outputs without alternative text, whatever their metadata say (4.6:
rendermime's renderImage sets only the source and the size). An `<img alt=…>` in `text/html` reads
aloud there, passes its sanitizer in a notebook that is not trusted yet, and is drawn by GitHub
and nbviewer as well, as the figures that matplotlib's own notebook backend leaves behind are.
"""

import base64
import html
import io
import pathlib
import sys

import matplotlib
import numpy as np
from PIL import Image

from vizkit import style

LARGE = 40_000  # bytes of a picture in a notebook, which has ten of them in 600 kB


def show(figure, alt):
    """Display a matplotlib Figure; `alt` says in words what is to be seen.

    Drawn at 80 dots per inch, the same bytes for the same figure. A figure made with pyplot is
    closed, so that it is not shown twice. Raises ValueError when `alt` is empty, TypeError for
    what is no Figure.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(
            f"alt is {alt!r}: say in words what is to be seen, for those who cannot see it, "
            'e.g. vk.show(figure, "error falls from 0.5 to 0.1 within 20 steps")'
        )
    if not hasattr(figure, "savefig"):
        raise TypeError(f"expected a matplotlib Figure, got {type(figure).__name__}: pass "
                        "axes.figure, or plt.gcf() after plotting")
    from IPython.display import display  # only where there is a notebook to show it in

    picture = png(figure)
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
    display(bundle(picture, alt, f"Figure: {alt}"), raw=True)


def png(figure):
    """A Figure's bytes as PNG, 80 dots per inch, the same for the same figure.

    One that would be large, with photographs or dreams in it, is stored with 256 colours of its
    own: a third of the bytes.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=style.DPI, metadata={"Software": None})
    if buffer.tell() < LARGE:
        return buffer.getvalue()
    fewer = io.BytesIO()
    with Image.open(buffer) as picture:
        picture.convert("RGB").quantize(
            256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        ).save(fewer, format="png", optimize=True)
    return min(buffer.getvalue(), fewer.getvalue(), key=len)


def save(path, draw, arrays, title):
    """Write a picture (.png, .svg, .pdf) or its arrays (.npz); returns the path.

    draw: a function that returns the Figure. The same picture gives the same file: no date, and
    no random names within. Raises ValueError for another ending.
    """
    path = pathlib.Path(path)
    kind = path.suffix.lower()
    nameless = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    if kind == ".npz":
        with path.open("wb") as file:  # numpy would add a second ending to a name in capitals
            np.savez_compressed(file, **{name: np.asarray(a) for name, a in arrays.items()})
    elif kind in nameless:
        with matplotlib.rc_context({"svg.hashsalt": "vizkit"}):
            draw().savefig(path, format=kind[1:], metadata={"Title": title} | nameless[kind])
    else:
        raise ValueError(
            f"cannot save {path.name}: expected a name that ends in .png, .svg, .pdf "
            "(the picture) or .npz (its arrays)"
        )
    return path


def bundle(png, alt, text):
    """What a notebook stores for a picture: its bytes (png), its words, one line of plain text.

    >>> bundle(b"hi", "two words", "Two")["text/html"]
    '<img class="vk-picture" alt="two words" src="data:image/png;base64,aGk=">'
    """
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    page = f'<img class="vk-picture" alt="{html.escape(alt)}" src="{source}">'
    return {"text/html": page, "text/plain": text}
