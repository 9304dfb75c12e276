"""PatchViewer in JupyterLab: drawn, chosen, linked with the kernels of its Net, looked at whole."""

CELLS = (
    """
import numpy as np, vizkit as vk
from coursekit import data, models
from vizkit.style import number
net = vk.Net(models.load("alexnet64"))
images = data.crops(160, size=64).images
kernels = net["conv1"].kernels()
kernels
""",
    """
patches = net["relu1"].patches(images)
patches
""",
    """
once = net["conv3"][[5, 80]].patches((image for image in images[:40]), top=4)
once
""",
)


def test_patches_are_drawn_chosen_linked_and_looked_at_whole(lab):
    views = lab.show(*CELLS)
    assert views.count() == 3
    kernels, patches, once = (views.nth(k) for k in range(3))
    index = patches.locator(".vk-index canvas")
    strongest = patches.locator("canvas[aria-label^='strongest patches']")
    weakest = patches.locator("canvas[aria-label^='weakest patches']")
    whole = patches.locator("canvas[aria-label^='the whole image']")
    status = patches.locator(".vk-status")
    assert lab.painted(index) > 100 and lab.painted(strongest) > 50
    assert patches.locator(".vk-title").inner_text() == "relu1[0]"
    assert lab.painted(patches.locator("canvas[aria-label^='histogram']")) > 3

    # A unit chosen here is chosen among the kernels, and the other way round.
    index.click(position={"x": 60, "y": 20})
    lab.until(lambda: patches.locator(".vk-title").inner_text() != "relu1[0]")
    chosen = int(lab.ask("patches.selected"))
    lab.becomes("patches.shown, kernels.selected", f"{chosen} {chosen}")
    kernels.locator(".vk-scroll canvas").click(position={"x": 20, "y": 20})
    patches.locator(".vk-title:text-is('relu1[0]')").wait_for()
    index.focus()
    index.press("End")
    patches.locator(".vk-title:text-is('relu1[95]')").wait_for()
    lab.becomes("net.selection.chosen", "('conv1', 95)")

    # The value under the pointer; a click shows the whole image with the box; keys go on.
    strongest.hover(position={"x": 30, "y": 30})
    said = lab.ask("'strongest 1 of 9: ' + number(patches.values[0, 0]) + ', image '"
                   " + f'{patches.numbers[0, 0]:,}'")
    assert status.inner_text() == said
    assert not whole.is_visible()
    strongest.click(position={"x": 30, "y": 30})
    whole.wait_for()
    lab.until(lambda: lab.painted(whole) > 50)
    lab.becomes("patches.looked, patches.size, patches.around.shape", "[0, 0] [64, 64] (64, 64, 3)")
    top, left, bottom, right = (int(n) for n in lab.ask("*patches.boxes[0, 0]").split())
    assert (bottom - top, right - left) == (11, 11)
    assert f"rows {top} to {bottom - 1}, columns {left} to {right - 1}" in patches.inner_text()
    lab.screenshot("patches-light", patches)
    strongest.press("ArrowRight")
    lab.becomes("patches.looked", "[0, 1]")
    strongest.press("Escape")
    lab.becomes("patches.looked, patches.around", "[] None")
    weakest.focus()
    weakest.press("ArrowRight")
    lab.becomes("patches.looked", "[2, 0]")

    # Of images that came once the patches are there, the images are not.
    once.locator("canvas[aria-label^='strongest patches']").click(position={"x": 30, "y": 30})
    once.locator("text=this one is gone").wait_for()
    lab.screenshot("patches-once", once)

    lab.theme("Dark")
    lab.screenshot("patches-dark", patches)
    lab.theme("Light")
    lab.reopen_without_kernel()
    pictures = lab.page.locator("img.vk-picture")
    assert pictures.count() == 3
    assert all(pictures.nth(k).is_visible() for k in range(3))
