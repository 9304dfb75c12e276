"""Lesson 07 as a learner meets it: 96 kernels, a pattern held up and turned, the answer gone."""

import pathlib
import re
import shutil

LESSON = pathlib.Path(__file__).parents[2] / "course" / "07_kernels_and_maps.ipynb"


def cell_of(page, words):
    """The number of the code cell that holds these words; the notebook scrolls to it."""
    return page.evaluate(
        """async (words) => {
          const notebook = window.jupyterapp.shell.currentWidget.content;
          const at = notebook.widgets.findIndex((cell) => cell.model.type === "code"
            && cell.model.sharedModel.source.includes(words));
          await notebook.scrollToItem(at, "start");
          return at;
        }""",
        words,
    )


def answer(view):
    """The largest value in the chosen kernel's map, as the viewer says it."""
    return float(view.locator(".vk-exhibit b").inner_text().replace("−", "-"))


def test_a_pattern_is_held_up_and_turned_and_the_answer_goes(lab):
    shutil.copy(LESSON, lab.folder)
    lab.open(LESSON.name)
    page = lab.page
    page.wait_for_selector(".jp-OutputArea img[alt^='96 kernels of 11×11×3 (colour)']")
    pictures = page.locator(".jp-OutputArea img").evaluate_all("all => all.map((img) => img.alt)")
    assert all(pictures), "a stored picture has no alternative text in JupyterLab"
    assert lab.run(timeout=400) == ""

    # 96 kernels, through their training, by key.
    cell_of(page, "kernels = net")
    kernels = page.locator(".vk-view", has=page.locator(".vk-moment"))
    kernels.wait_for()
    sheet = kernels.locator("canvas").first
    assert lab.painted(sheet) > 1000
    trained = sheet.evaluate("canvas => canvas.toDataURL()")
    slider = kernels.get_by_label("moment of the training")
    slider.focus()
    slider.press("Home")
    lab.becomes("kernels.moment, kernels.caption.split(', ')[-1].split(' (')[0]",
                "0 before training")
    lab.until(lambda: sheet.evaluate("canvas => canvas.toDataURL()") != trained)
    lab.screenshot("lesson-07-kernels-start", kernels)
    slider.press("End")
    lab.screenshot("lesson-07-kernels", kernels)

    # A pattern held up, turned by 90° with the arrow keys.
    cell_of(page, "live.hold(angle=angle")
    view = page.locator(".vk-view", has=page.locator(".vk-exhibit")).filter(
        has_text=re.compile("grating at")).first
    view.wait_for()
    angle = view.get_by_label("angle: ")
    start = int(lab.ask("live.settings['angle']"))
    first = answer(view)
    lab.screenshot("lesson-07-held-up", view)
    page.set_viewport_size({"width": 1000, "height": 1000})  # half a screen: nothing is cut off
    lab.until(lambda: view.evaluate("view => view.clientWidth < 640"))
    assert view.evaluate("view => view.scrollWidth - view.clientWidth") <= 0
    lab.screenshot("lesson-07-narrow", view)
    page.set_viewport_size({"width": 1280, "height": 1000})
    step = float(angle.get_attribute("step") or 1)
    angle.focus()
    for _ in range(round(90 / step)):
        angle.press("ArrowRight" if start < 90 else "ArrowLeft")
    turned = start + 90 if start < 90 else start - 90
    lab.becomes("live.settings['angle']", str(turned))
    view.get_by_text(f"grating at {turned}°").wait_for()
    lab.until(lambda: answer(view) < 0.2 * first)
    assert first > 3
    for theme in ("Light", "Dark"):
        lab.theme(theme)
        lab.screenshot(f"lesson-07-turned-{theme.lower()}", view)

    # The clamp: one unit, loud enough, and the photographs are read alike.
    cell_of(page, "attempt.selected = loud")
    clamp = page.locator(".vk-intervention")
    clamp.get_by_role("button", name="clamped", exact=True).click()
    lab.becomes("attempt.mode", "clamped")
    clamp.locator("input[type=range]").press("End")
    lab.becomes("attempt.strength, bool((attempt.after.argmax(1) == on[loud].argmax(1).numpy())"
                ".all())", "3.0 True")
    lab.screenshot("lesson-07-clamped", clamp)
