"""NextTokenViewer in JupyterLab."""

CELL = """
import time, numpy as np, vizkit as vk
words = [" the", " bridge", " Anna", " had", " berries", " red", " four", "."]
words += [f" w{k}" for k in range(40)]
table = np.random.default_rng(0).normal(size=(48, 48)) * 2
wait, fail = 0.0, False
def predict(ids):
    time.sleep(wait)
    if fail:
        raise RuntimeError("out of cheese")
    return table[ids[-1]]
viewer = vk.next_token(predict, words, [2, 3], stop=".", temperature=0.7)
viewer
"""


def test_tokens_are_clicked_drawn_undone_and_written_on(lab):
    view = lab.show(CELL).first
    rows, text = view.locator(".vk-row[role=option]"), view.locator(".vk-written")
    assert rows.count() == 16 and text.inner_text().startswith(" Anna had")
    assert view.locator(".vk-others .vk-word").inner_text() == "32 others"

    # Bars are as long as Python says, in all four columns.
    for n, sampler in enumerate(("greedy", "temperature", "top-k", "top-p")):
        for k in (0, 1, 12):
            width = rows.nth(k).locator("i").nth(n).evaluate("node => parseFloat(node.style.width)")
            share = float(lab.ask(f"viewer.shares({sampler!r})[viewer.ids[{k}]]"))
            assert abs(width / 100 - share) < 1e-4

    # A click appends, keys append and go back, a click in the text goes back to a token.
    second = lab.ask("viewer.words[1]")
    rows.nth(1).click()
    lab.becomes("viewer.text", f"Anna had {second}")
    table = view.locator(".vk-chances[role=listbox]")
    table.focus()
    table.press("ArrowDown")
    table.press("Enter")
    lab.becomes("len(viewer.tokens)", "4")
    table.press("Backspace")
    lab.becomes("len(viewer.tokens)", "3")
    table.press("Home")
    table.press("Enter")
    lab.becomes("len(viewer.tokens), len(viewer.branches)", "4 2")
    view.locator(".vk-new").first.click()
    lab.becomes("viewer.at", "1")

    # The sliders and the sampler: bars follow without Python being asked.
    slider = view.locator("input[type=range]").nth(0)
    before = rows.nth(0).locator("i").nth(1).evaluate("node => node.style.width")
    slider.focus()
    for _ in range(8):
        slider.press("ArrowRight")
    lab.until(lambda: rows.nth(0).locator("i").nth(1).evaluate("n => n.style.width") != before)
    lab.becomes("viewer.temperature", "0.85")
    view.locator("button[aria-label='draw by top-p']").click()
    lab.becomes("viewer.sampler", "top-p")
    view.locator("button:has-text('one token')").click()
    lab.becomes("len(viewer.tokens)", "4")

    # Written on, one token after the other, until it is stopped; nothing hangs.
    lab.ask("globals().update(wait=0.1)")
    lab.ask("setattr(viewer, '_stop', None)")
    view.locator("button:has-text('write on')").click()
    lab.until(lambda: view.locator(".vk-new").count() >= 6)
    view.locator("button:has-text('stop')").click()
    view.locator("button:has-text('write on')").wait_for()
    lab.page.wait_for_timeout(400)
    written = view.locator(".vk-new").count()
    lab.page.wait_for_timeout(500)
    assert view.locator(".vk-new").count() == written < 40
    lab.becomes("len(viewer.tokens)", str(written + 2))
    lab.ask("globals().update(wait=0)")

    # Back to the beginning, another way on; the tree holds every text.
    view.locator("button:has-text('from the prompt')").click()
    lab.becomes("viewer.at", "0")
    rows.nth(3).click()
    lab.becomes("len(viewer.tokens)", "3")
    view.locator(".vk-tree button[aria-current=true]").wait_for()
    lines = view.locator(".vk-tree button")
    assert lines.count() >= 4
    lab.screenshot("next-token-light", view)
    lab.theme("Dark")
    lab.screenshot("next-token-dark", view)
    lab.theme("Light")
    lines.nth(1).click()
    lab.until(lambda: lines.nth(1).get_attribute("aria-current") == "true")

    # What the function raises stands in the status line, and goes with the next token.
    lab.ask("globals().update(fail=True)")
    count = lab.ask("len(viewer.tokens)")
    rows.nth(0).click()
    view.locator(".vk-problem:has-text('out of cheese')").wait_for()
    lab.ask("globals().update(fail=False)")
    assert lab.ask("len(viewer.tokens)") == count
    rows.nth(0).click()
    lab.becomes("len(viewer.tokens)", str(int(count) + 1))
    lab.until(lambda: view.locator(".vk-problem").count() == 0)

    # A long text is one line of the tree, and does not push the bars off the page.
    before = lab.ask("viewer.at")
    lab.ask("viewer.write(60)")
    lab.until(lambda: view.locator(".vk-new").count() >= 60)
    assert view.evaluate("node => node.scrollWidth <= node.clientWidth")
    lab.ask(f"setattr(viewer, 'at', {before})")
    view.locator(".vk-tree button").nth(0).click()

    lab.page.wait_for_timeout(1500)  # at rest the stored picture is drawn anew
    lab.reopen_without_kernel()
    picture = lab.page.locator("img.vk-picture").first
    assert picture.is_visible() and f"{int(count) + 1} tokens" not in picture.get_attribute("alt")
    assert "four samplers" in picture.get_attribute("alt")
    lab.screenshot("next-token-without-kernel")
