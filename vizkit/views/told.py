"""What was asked of an EmbeddingViewer, in sentences: for its alternative text and its figure."""

import numpy as np


def told_of(view):
    """Sentences on the chosen point, the path and the trust of a viewer, those that there are."""
    return [*of_chosen(view), *of_path(view), *of_trust(view)]


def of_chosen(view):
    if view.near is None:
        return []
    story = f"Lines lead from {view.name_of(view.chosen)} to its {len(view.near)} nearest"
    if view.drawn is None:
        return [story + "."]
    false = view.ranks > len(view.near)
    story += f"; {int((~false).sum())} of them are also the nearest in this picture"
    if false.any():
        worst = np.argmax(view.ranks)
        story += (f", {int(false.sum())} near it in the picture are not (crosses): "
                  f"{view.name_of(view.drawn[worst])} is its neighbour number "
                  f"{view.ranks[worst]:,} in truth")
    return [story + "."]


def of_path(view):
    if view.route is None:
        return []
    between = [view.name_of(point) for point in view.route[1:-1]]
    kept = [name for at, name in enumerate(between) if at == 0 or name != between[at - 1]]
    return [f"The straight line from {view.name_of(view.route[0])} to "
            f"{view.name_of(view.route[-1])} passes nearest to {', '.join(kept)}."]


def of_trust(view):
    if view.colouring != "trust" or view.trust is None:
        return []
    return ["Colours say how many of a point's 10 nearest in the picture are among its 10 nearest "
            f"in truth: {np.nanmean(view.trust):.0%} on average."]
