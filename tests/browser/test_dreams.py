"""DreamViewer in JupyterLab, with real dreams of LeNet."""

CELL = """
import vizkit as vk
from coursekit import models
net = vk.Net(models.load("lenet"))
layer = net.layers().names[0]
viewer = net[layer].dream(steps=12, control=True)
viewer
"""
OTHERS = """
maps = net[layer].kernels()
maps
""", """
seeds = net[layer][:3].dream(steps=4, seeds=2)
seeds
"""


def test_dreams_are_drawn_chosen_linked_and_survive_without_a_kernel(lab):
    view, kernels, seeds = (lab.show(CELL, *OTHERS).nth(k) for k in range(3))
    sheet = view.locator(".vk-scroll canvas")
    assert lab.painted(sheet) > 20 and lab.painted(seeds.locator("canvas").first) > 20
    assert not lab.page.locator("img.vk-picture").first.is_visible()
    assert not view.locator(".vk-pair").is_visible()

    sheet.click(position={"x": 140, "y": 20})
    lab.becomes("viewer.selected, maps.selected, seeds.selected", "1 1 2")
    large, beside, curve = (view.locator(".vk-body > :nth-child(2) canvas").nth(k)
                            for k in range(3))
    assert min(map(lab.painted, (large, beside, curve))) > 10
    said = lab.ask("__import__('vizkit.style').style.number(viewer.scores[1])")
    assert f"score {said}" in view.locator(".vk-status").inner_text()
    sheet.focus()
    sheet.press("ArrowRight")
    lab.becomes("viewer.selected, maps.selected", "2 2")

    # The untrained network's dreams take the place of the trained one's.
    before = sheet.evaluate("canvas => canvas.toDataURL()")
    view.locator("select").select_option("control")
    lab.until(lambda: sheet.evaluate("canvas => canvas.toDataURL()") != before)
    sheet.hover(position={"x": 20, "y": 20})
    assert "untrained: score" in view.locator(".vk-status").inner_text()
    view.locator("select").select_option("dreams")
    lab.screenshot("dreams-light", view)
    lab.screenshot("dreams-seeds", seeds)
    lab.theme("Dark")
    lab.screenshot("dreams-dark", view)
    lab.theme("Light")
    sheet.press("Escape")
    lab.becomes("viewer.selected", "-1")

    lab.reopen_without_kernel()
    pictures = lab.page.locator("img.vk-picture")
    assert [pictures.nth(k).is_visible() for k in range(3)] == [True] * 3
    lab.screenshot("dreams-without-kernel")


def test_an_interrupted_cell_shows_the_dreams_so_far_and_its_progress_line_is_gone(lab):
    lab.open(lab.write("interrupt.ipynb", CELL.replace("steps=12, control=True", "steps=10**6")))
    lab.page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status"
        " === 'idle'", timeout=60000)
    lab.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    line = lab.page.get_by_text("mean score")
    line.wait_for()
    assert "of 1000000" in line.inner_text() and "interrupt to stop here" in line.inner_text()
    lab.screenshot("dreams-waiting")
    lab.command("kernelmenu:interrupt")
    view = lab.page.locator(".vk-view")
    view.wait_for()
    assert "stopped after" in view.inner_text() and not line.count()
    assert lab.painted(view.locator(".vk-scroll canvas")) > 20
    assert lab.page.get_by_text("KeyboardInterrupt").count() == 0
    lab.becomes("len(viewer.history) < 10**6, viewer.selected", "True -1")
