"""The live picture and the printed one have the same colours, to one level of 255."""

import numpy as np
import pytest

import vizkit as vk
from vizkit import views
from vizkit.views import attention_picture

CALL = """async ([source, name, ...given]) => {
  const module = await import(URL.createObjectURL(new Blob(
    [source.replace("export default", `export { ${name} }; export default`)],
    { type: "text/javascript" })));
  return Array.from(module[name](...given));
}"""


def pixels(page, viewer, name, *given):
    """What a function of the viewer's script gives, as colours (pixel, 3)."""
    page.goto("about:blank")
    rgba = page.evaluate(CALL, [viewer._esm, name, *given])
    return np.array(rgba).reshape(-1, 4)[:, :3]


def signed(shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32).round(3)


@pytest.mark.parametrize("values", [signed((1, 9, 7)), np.abs(signed((1, 9, 7)))])
@pytest.mark.parametrize("threshold", [0.0, 0.3])
def test_maps(page, values, threshold):
    viewer = vk.maps({"layer": values})
    viewer.threshold = threshold
    limit = float(np.abs(values).max())
    live = pixels(page, viewer, "mapPixels", values.ravel().tolist(), 0, 63, limit, viewer.signed,
                  threshold * limit)
    printed = viewer.pictures()[0].reshape(-1, 3)
    assert np.abs(live - printed).max() <= 1
    assert len(np.unique(printed, axis=0)) > 20


@pytest.mark.parametrize("channels", [1, 3])
def test_kernels(page, channels):
    values = signed((1, channels, 5, 5))
    viewer = vk.kernels(values)
    live = pixels(page, viewer, "kernelPixels", values.ravel().tolist(), list(values.shape), 0, 0,
                  float(np.abs(values).max()))
    assert np.abs(live - viewer.pictures()[0].reshape(-1, 3)).max() <= 1


def test_dreams(page):
    images = np.random.default_rng(0).integers(0, 256, (2, 5, 7, 3), dtype=np.uint8)
    viewer = views.DreamViewer(images=images, titles=["a", "b"], scores=[1, 2], start=[0, 0],
                               history=np.ones((3, 2)), seeds=[0, 0])
    live = pixels(page, viewer, "picturePixels", images.ravel().tolist(), list(images.shape), 1)
    assert (live == images[1].reshape(-1, 3)).all()
    printed = viewer.figure().axes[1].images[0].get_array()
    assert (np.asarray(printed)[..., :3].reshape(-1, 3) == images[1].reshape(-1, 3)).all()


@pytest.mark.parametrize("causal", [False, True])
def test_attention(page, causal):
    weights = np.random.default_rng(0).random((6, 6)).astype(np.float32)
    viewer = vk.attention(np.tril(weights) if causal else weights, list("abcdef"))
    assert viewer.causal == causal
    live = pixels(page, viewer, "weightPixels", viewer.now.ravel().tolist(), 6, 6, viewer.top,
                  causal)
    printed = attention_picture.paint(viewer.now, viewer.top, causal).reshape(-1, 3)
    seen = np.tri(6, dtype=bool).ravel() if causal else np.ones(36, bool)
    assert np.abs(live.astype(int) - printed)[seen].max() <= 3, "levels are 254, not 255"
    assert (printed[~seen] == attention_picture.EMPTY).all()
