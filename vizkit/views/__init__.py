"""The viewers: one class and one script each, made when first asked for."""

import importlib

WHERE = {
    "ActivationViewer": "activations",
    "AtlasViewer": "atlas",
    "AttentionViewer": "attention",
    "BoundaryViewer": "boundary",
    "DreamViewer": "dreams",
    "EmbeddingViewer": "embedding",
    "GraphViewer": "graph",
    "InterventionViewer": "intervention",
    "KernelViewer": "kernels",
    "LensViewer": "lens",
    "LiveViewer": "live",
    "NextTokenViewer": "next_token",
    "PatchViewer": "patches",
    "ScrubViewer": "scrub",
    "Sketchpad": "sketch",
    "TokenViewer": "tokens",
    "TrainingMonitor": "monitor",
}


def __getattr__(name):
    if name not in WHERE:
        raise AttributeError(f"vizkit.views has no {name!r}; it has {', '.join(WHERE)}")
    return getattr(importlib.import_module(f"vizkit.views.{WHERE[name]}"), name)


def __dir__():
    return sorted(WHERE)
