"""Look inside any PyTorch model: networks, units, viewers. Knows no course and no data set.

    import vizkit as vk

    net = vk.Net(model)
    net["c1"].kernels()
    net.maps(image)

Each name is loaded when it is first used, so `import vizkit` costs nothing beyond this file.
"""

import importlib

# name: (module, attribute). A module is never called what it holds: once imported, the module
# itself would stand in the name's place.
WHERE = {
    # a model, and part of it
    "Net": ("vizkit.net", "Net"),
    "Unit": ("vizkit.unit", "Unit"),
    # viewers of plain arrays and functions
    "AtlasViewer": ("vizkit.views.atlas", "AtlasViewer"),
    "kernels": ("vizkit.draw", "kernels"),
    "maps": ("vizkit.draw", "maps"),
    "boundary": ("vizkit.views.boundary", "boundary"),
    "graph": ("vizkit.views.graph", "graph"),
    "monitor": ("vizkit.views.monitor", "monitor"),
    "embedding": ("vizkit.vectors.embeddings", "embedding"),
    "tokens": ("vizkit.views.tokens", "tokens"),
    "attention": ("vizkit.language.attention", "attention"),
    "next_token": ("vizkit.language.next_token", "next_token"),
    "lens": ("vizkit.language.lens", "lens"),
    "scrub": ("vizkit.language.scrub", "scrub"),
    # viewers that may also be given a Net
    "atlas": ("vizkit.atlases.build", "atlas"),
    "sketch": ("vizkit.live.sketching", "sketch"),
    "camera": ("vizkit.live.cameras", "camera"),
    # pictures to hold up to a network
    "pattern": ("vizkit.inputs.patterns", "pattern"),
    # plain charts, without a widget
    "pictures": ("vizkit.charts", "pictures"),
    "lines": ("vizkit.charts", "lines"),
    "bars": ("vizkit.charts", "bars"),
    "signals": ("vizkit.charts", "signals"),
    "matches": ("vizkit.matching", "matches"),
    # a figure of your own, with its picture in words
    "show": ("vizkit.showing", "show"),
}
__all__ = list(WHERE)


def __getattr__(name):
    if name not in WHERE:
        raise AttributeError(f"vizkit has no {name!r}; it has {', '.join(WHERE)}")
    module, attribute = WHERE[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__():
    return sorted(WHERE)
