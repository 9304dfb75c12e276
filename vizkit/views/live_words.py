"""LiveViewer in words: what is held up, and what is to be seen."""

import numpy as np

from vizkit import style

WORDS = {"photo": "a photograph", "upload": "an uploaded picture", "draw": "a drawing",
         "camera": "the camera"}  # fmt: skip


def held(viewer):
    """What is held up, in words."""
    if viewer.source in ("upload", "camera") and viewer.source not in viewer.held:
        return f"{viewer.source}, nothing yet"
    if viewer.source != "pattern":
        return WORDS[viewer.source]
    return f"{viewer.settings['kind']} at {viewer.settings['angle']:g}°"


def describe(viewer):
    """The alternative text of a LiveViewer."""
    unit = viewer.unit
    words = [f"{viewer.summary().removeprefix('LiveViewer: ')}, drawn as small pictures beside "
             f"what the network sees. The largest value of {viewer.title(unit)} is "
             f"{style.number(float(viewer.responses[unit]))}."]
    if viewer.turned is not None:
        curve = viewer.turned[:, unit]
        high, low = int(np.argmax(curve)), int(np.argmin(curve))
        words.append(f"As the pattern turns, it goes from {style.number(float(curve[low]))} at "
                     f"{viewer.angles[low]:g}° to {style.number(float(curve[high]))} at "
                     f"{viewer.angles[high]:g}°.")
    pairs = [f"{name} {style.number(float(share))}"
             for name, share in zip(viewer.classes, viewer.shares, strict=True)]
    return " ".join([*words, *([f"Likeliest: {', '.join(pairs)}."] if pairs else [])])
