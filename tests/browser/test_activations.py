"""ActivationViewer in JupyterLab: drawn, chosen, hidden, and linked with the kernels of its Net."""

import nbformat

CELLS = (
    """
import numpy as np, torch, vizkit as vk
from coursekit import data, models
from vizkit.style import number
net = vk.Net(models.load("lenet"))
digits = data.digits().images
kernels = net["c1"].kernels()
kernels
""",
    """
maps = net.maps(digits[0])
maps
""",
    """
again = net["relu1"].maps(digits[1])
again
""",
    """
def compute(name):
    if name == "broken":
        raise ValueError("no such thing")
    return np.full((2, 3, 4), np.nan) if name == "nan" else np.arange(24.0).reshape(2, 3, 4)
from vizkit.views import ActivationViewer
other = ActivationViewer(compute, ["fine", "nan", "broken"], titles=["left", "right"])
other
""",
)


def test_maps_are_drawn_hovered_chosen_and_linked(lab):
    views = lab.show(*CELLS)
    assert views.count() == 4
    kernels, maps, again, other = (views.nth(k) for k in range(4))
    sheet = maps.locator(".vk-scroll canvas")
    status = maps.locator(".vk-status")
    assert lab.painted(sheet) > 50

    # A click enlarges a map and moves the kernels and the other maps; a click there moves these.
    sheet.click(position={"x": 130, "y": 40})
    kernels.locator(".vk-heading:text-is('kernel 1')").wait_for()
    lab.becomes("maps.selected, kernels.selected, again.selected", "1 1 1")
    assert "map 1" in maps.inner_text()
    lab.screenshot("activations-light", maps)
    kernels.locator(".vk-scroll canvas").click(position={"x": 20, "y": 20})
    maps.locator(".vk-heading:text-is('map 0')").wait_for()
    lab.becomes("maps.selected, again.selected, net.selection.chosen", "0 0 ('c1', 0)")

    # The value under the pointer is the value in the array; its place is marked on the image.
    image = maps.locator("canvas[aria-label='the image that went in']")
    unmarked = lab.painted(image)
    sheet.hover(position={"x": 59, "y": 59})
    assert status.inner_text() == lab.ask(
        "'map 0, row 14, column 14: ' + number(maps.maps[0, 14, 14])"
        " + ' · sees rows 14 to 18, columns 14 to 18'")
    lab.until(lambda: lab.painted(image) != unmarked)

    # The arithmetic of that output: patch × kernel, added up, plus the bias, is that value.
    account = maps.locator(".vk-account")
    account.locator(".vk-heading:text-is('map 0 at row 14, column 14')").wait_for()
    lab.becomes("maps.pointed[1:], round(float((maps.patch * maps.kernel).sum())"
                " + maps.account['bias'] - float(maps.maps[0, 14, 14]), 4)", "[0, 14, 14] 0.0")
    assert account.locator(".vk-total").inner_text().endswith(
        lab.ask("number(maps.maps[0, 14, 14])"))
    assert lab.painted(account.locator("canvas").first) > 5
    maps.locator(".vk-caption").hover()
    account.wait_for(state="hidden")

    # The large map is walked over by keys; a value stays until it is let go.
    large = maps.locator("canvas[aria-label^='the chosen map']")
    large.focus()
    large.press("ArrowLeft")
    large.press("ArrowDown")
    account.locator("text=map 0 at row 15, column 14").wait_for()
    maps.locator("select").first.select_option("c3")
    maps.locator("text=layer c3").wait_for()
    account.wait_for(state="hidden")
    sheet.click(position={"x": 30, "y": 30})
    large.hover(position={"x": 100, "y": 100})
    account.locator(".vk-sums >> text=input channel").first.wait_for()
    lab.screenshot("activations-account", maps)
    sheet.click(position={"x": 30, "y": 30})
    maps.locator("select").first.select_option("c1")
    maps.locator("text=layer c1").wait_for()
    kernels.locator(".vk-scroll canvas").click(position={"x": 20, "y": 20})
    maps.locator(".vk-heading:text-is('map 0')").wait_for()

    # Keys walk the sheet and let go; the same click again does too.
    sheet.focus()
    sheet.press("ArrowRight")
    maps.locator(".vk-heading:text-is('map 1')").wait_for()
    lab.becomes("kernels.selected", "1")
    assert status.inner_text().startswith("map 1: -2.62 to 1.35")
    sheet.press("Escape")
    maps.locator("text=Click a map").wait_for()
    lab.becomes("maps.selected, kernels.selected", "-1 -1")

    # The layer by slider and by list; only the chosen layer's bytes are there.
    slider = maps.locator("input[aria-label^='layer']")
    slider.focus()
    slider.press("ArrowRight")
    maps.locator("text=layer norm1 (2 of 10)").wait_for()
    maps.locator("select").first.select_option("relu3")
    maps.locator("text=16 maps of 10×10, layer relu3").wait_for()
    lab.becomes("maps.layer, maps.maps.shape", "relu3 (16, 10, 10)")
    assert "1 of 16 maps is zero everywhere" in maps.inner_text()

    # A kernel chosen brings back the layer that it made.
    kernels.locator(".vk-scroll canvas").click(position={"x": 20, "y": 20})
    maps.locator("text=layer c1 (1 of 10)").wait_for()

    # What is near zero is hidden; the scale is one's own choice.
    colours = lab.painted(sheet)
    threshold = maps.locator("input[aria-label^='share']")
    threshold.focus()
    threshold.press("End")
    lab.becomes("maps.threshold", "0.5")
    lab.until(lambda: lab.painted(sheet) < colours / 2)
    maps.locator("select").last.select_option("own")
    lab.becomes("maps.shared_scale", "False")
    maps.locator("text=its largest").first.wait_for()

    # What cannot be computed is said where it was asked for, and the last maps stay.
    other.locator("select").first.select_option("nan")
    other.locator("text=24 values are NaN or infinite").wait_for()
    lab.screenshot("activations-nan", other)
    other.locator("select").first.select_option("broken")
    other.locator("text=ValueError: no such thing").wait_for()
    assert other.locator("select").first.input_value() == "nan"
    lab.becomes("other.layer, other.shown", "nan nan")

    # Another image, in the same viewer.
    before = lab.painted(image)
    lab.ask("net.maps(np.tile(np.arange(0, 256, 8, dtype=np.uint8), (32, 1)), into=maps)")
    lab.until(lambda: lab.painted(image) != before)
    lab.ask("net.maps(digits[0], into=maps)")

    lab.theme("Dark")
    maps.locator("select").first.select_option("relu1")
    maps.locator("text=layer relu1").wait_for()
    maps.locator("select").last.select_option("shared")
    lab.until(lambda: lab.painted(sheet) > 5)
    lab.screenshot("activations-dark", maps)
    lab.theme("Light")

    lab.reopen_without_kernel()
    pictures = lab.page.locator("img.vk-picture")
    assert pictures.count() == 4
    assert all(pictures.nth(k).is_visible() for k in range(4))
    saved = nbformat.read(lab.folder / "page.ipynb", 4).cells[1].outputs
    words = next(o.data["text/html"] for o in saved if "<img" in o.data.get("text/html", ""))
    assert 'alt="6 maps of 28×28, layer c1' in words and "Values from" in words
    lab.screenshot("activations-without-kernel")
