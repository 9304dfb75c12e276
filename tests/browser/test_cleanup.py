"""A viewer that is closed leaves nothing behind: no listener, observer, frame, timer or node."""

import base64
import gc
import pathlib
import weakref

import numpy as np
import psutil
import pytest
import torch

import vizkit as vk
from coursekit.models.autograd import Value
from vizkit import views

RENDER = (pathlib.Path(__file__).parent / "render_and_undo.js").read_text(encoding="utf-8")
IMAGE = np.zeros((8, 8), np.uint8)
ONES = np.ones((4, 3, 3))
PATCHED = vk.Net(torch.nn.Sequential(torch.nn.Conv2d(3, 4, 5), torch.nn.ReLU()))
LIVE = vk.Net(torch.nn.Conv2d(3, 4, 5), input_size=16)
MAKE = {
    "ActivationViewer": lambda: vk.maps({"one": ONES, "two": ONES}, IMAGE),
    "AtlasViewer": lambda: views.AtlasViewer({
        "sides": [1], "level": [0], "number": [0], "count": [9], "near": [[-1]], "alike": [[0.0]],
        "codes": [[0]], "shares": [[1.0]], "names": ["a"], "layer": "c1",
        "icons": np.zeros((1, 8, 8, 3), np.uint8)}),
    "AttentionViewer": lambda: vk.attention(
        np.tril(np.ones((2, 3, 4, 4))), list("abcd"), token=2, key=1, q=np.ones((2, 3, 4, 5)),
        k=np.ones((2, 3, 4, 5)), v=np.ones((2, 3, 4, 5))),
    "BoundaryViewer": lambda: vk.boundary(lambda X, w: X[:, 0] - w, parameters={"w": 0.5}),
    "DreamViewer": lambda: views.DreamViewer(
        images=np.zeros((4, 8, 8, 3), np.uint8), titles=list("abcd"), scores=np.ones(4),
        start=np.zeros(4), history=np.ones((3, 4)), seeds=[0] * 4),
    "EmbeddingViewer": lambda: vk.embedding(np.random.default_rng(0).normal(size=(30, 4))),
    "GraphViewer": lambda: vk.graph(Value(2.0) * Value(3.0)),
    "InterventionViewer": lambda: views.InterventionViewer(
        lambda unit, value: np.ones((2, 3)) / 3, np.ones((2, 3)) / 3, np.ones((2, 4)), list("uvwx"),
        list("abc"), np.zeros((2, 8, 8), np.uint8)),
    "KernelViewer": lambda: vk.kernels(np.ones((2, 4, 2, 3, 3)), steps=[0, 9]),
    "LensViewer": lambda: vk.lens(np.ones((2, 3, 4)), list("abc"), "wxyz"),
    "LiveViewer": lambda: LIVE.live(source="pattern"),
    "NextTokenViewer": lambda: vk.next_token(lambda ids: np.arange(5.0), list("abcde"), [0]),
    "PatchViewer": lambda: PATCHED["0"].patches(np.zeros((6, 16, 16, 3), np.uint8), top=4),
    "ScrubViewer": lambda: vk.scrub(["a", "b"], [0, 9], scores={"loss": [2, 1]}),
    "Sketchpad": lambda: vk.sketch(lambda picture: {"ink": 0.5}),
    "TokenViewer": lambda: vk.tokens("ab", lambda text: (range(len(text)), list(text))),
    "TrainingMonitor": lambda: vk.monitor("training"),
}
NET = vk.Net(torch.nn.Sequential(
    torch.nn.Conv2d(3, 4, 5), torch.nn.Conv2d(4, 2, 3), torch.nn.Flatten(), torch.nn.Linear(200, 3),
), input_size=16)  # fmt: skip
COLOURS = np.random.default_rng(0).integers(0, 256, (6, 16, 16, 3), dtype=np.uint8)
READS = torch.nn.Sequential(torch.nn.Embedding(9, 8), torch.nn.TransformerEncoderLayer(
    8, 2, batch_first=True), torch.nn.Linear(8, 9))
LANGUAGE = vk.Net(READS)
OF_A_NET = {
    "attention": lambda: LANGUAGE.attention([1, 2, 3]),
    "next_token": lambda: LANGUAGE.next_token([1, 2, 3]),
    "atlas": lambda: vk.atlas(NET, "0", COLOURS, layout="pca", grid=(2,), least=1, steps=1),
    "dream": lambda: NET["0"].dream(steps=2, seeds=2),
    "embedding": lambda: vk.embedding(NET.capture(COLOURS, ["3"])["3"].numpy(), images=COLOURS),
    "intervene": lambda: NET["0"].intervene(COLOURS),
    "kernels": lambda: NET["0"].kernels(),
    "live": lambda: NET.live(source="pattern"),
    "maps": lambda: NET.maps(COLOURS[0]),
    "patches": lambda: NET["1"].patches(COLOURS, top=2),
    "sketch": lambda: vk.sketch(NET),
}


def test_every_viewer_is_closed_here():
    assert sorted(MAKE) == sorted(views.WHERE)


@pytest.mark.parametrize("name", sorted(MAKE))
def test_what_a_viewer_started_ends_with_it(page, name):
    viewer = MAKE[name]()
    assert type(viewer).__name__ == name
    state = {key: value for key, value in viewer.get_state().items() if key[0] != "_"}
    for key, value in state.items():
        if isinstance(value, dict) and {"shape", "dtype", "data"} <= set(value):
            state[key] = {**value, "base64": base64.b64encode(value.pop("data")).decode()}
    page.goto("about:blank")
    seen = page.evaluate(RENDER, [viewer._esm, state])
    assert seen["during"]["listeners"] >= 2 and seen["during"]["nodes"] >= 3
    assert set(seen["after"].values()) == {0}, seen["after"]


@pytest.mark.parametrize("name", [*sorted(MAKE), *OF_A_NET])
def test_200_viewers_made_and_closed_leave_no_hook_and_no_memory(name):
    make, made, process = (MAKE | OF_A_NET)[name], [], psutil.Process()

    def turns(count):
        for _ in range(count):
            viewer = make()
            made.append(weakref.ref(viewer))
            viewer.close()
        del viewer
        gc.collect()
        return process.memory_info().rss

    before = turns(20)  # what the first ones load stays
    assert turns(200) < 1.05 * before
    assert sum(one() is not None for one in made) <= 16, "those that a Net ties together"
    for net in (NET, LIVE, PATCHED, LANGUAGE):
        assert not any(module._forward_hooks or module._forward_pre_hooks
                       or module._backward_hooks for module in net.model.modules())
