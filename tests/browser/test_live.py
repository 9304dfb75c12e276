"""LiveViewer in JupyterLab: every source, good files and bad ones, the camera given and refused."""

import io
import os
import signal

import nbformat
import numpy as np
from PIL import Image

NET = """
import numpy as np, torch, vizkit as vk
from coursekit.models.alexnet import AlexNet64
from coursekit.models.photos import photo_batch
from vizkit.style import number
torch.manual_seed(0)
model = AlexNet64().eval()
model.preprocess = photo_batch
net = vk.Net(model, classes=[f"class {k}" for k in range(100)])
"""
PATTERN = NET + """
photos = [vk.pattern("blob", colours=c, side=90) for c in ("red", "blue")]
live = net.live("conv1", photos, source="pattern")
live
"""
CURVE = "canvas[aria-label='the response of the chosen unit']"
SHEET = ".vk-scroll canvas"
RED, BLUE = (255, 0, 0), (0, 0, 255)


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def source(view, name):
    view.locator(".vk-tabs").get_by_role("button", name=name).click()


def picture(canvas):
    """What a canvas shows, as a string that differs where the picture does."""
    return canvas.evaluate("node => node.toDataURL()")


def test_patterns_photographs_drawings_and_units(lab):
    view = lab.show(PATTERN)
    sheet, curve = view.locator(SHEET), view.locator(CURVE)
    angle = view.get_by_label("angle: ")
    lab.until(lambda: lab.painted(sheet) > 50 and lab.painted(curve) > 5)
    box = view.bounding_box()
    assert view.evaluate("node => node.scrollWidth <= node.clientWidth") and box["height"] < 680
    lab.screenshot("live-pattern-light", view)

    # The angle by keys: the picture, the number and the place on the curve follow.
    before, words = picture(curve), view.locator(".vk-curve .vk-note").inner_text()
    assert words.startswith("at 0°: ") and "turned by 90°: " in words
    angle.focus()
    for _ in range(3):
        angle.press("ArrowRight")
    lab.becomes("live.settings['angle'], live.given.tolist() == "
                "vk.pattern(**live.settings).tolist()", "15 True")
    view.get_by_text("at 15°: ").wait_for()
    assert picture(curve) != before
    angle.press("End")
    view.get_by_text("at 180°: ").wait_for()
    # Another pattern: its curve is computed when the hand rests.
    shape = picture(curve)
    view.get_by_label("kind of pattern").select_option("edge")
    lab.becomes("live.turned is not None and live.angles[-1]", "360.0")
    lab.until(lambda: picture(curve) != shape)
    view.get_by_label("hue: ").press("Home")
    lab.becomes("live.settings['colours']", "['#ff0000', '#00ffff']")
    view.get_by_label("frequency: ").press("ArrowRight")
    lab.becomes("live.settings['frequency']", "6.5")

    # A map is chosen by click and by keys, its value told under the pointer.
    sheet.click(position={"x": 50, "y": 10})
    lab.becomes("live.selected, net.selection.chosen", "1 ('conv1', 1)")
    view.locator(".vk-exhibit .vk-heading:text-is('conv1[1]')").wait_for()
    assert "conv1[1], row" in view.locator(".vk-status").inner_text()
    sheet.press("ArrowRight")
    view.get_by_text("response of conv1[2]").wait_for()
    told = view.locator(".vk-exhibit b").inner_text()
    assert told.replace("−", "-") == lab.ask("number(float(live.responses[2]))")

    # Layer and threshold.
    view.get_by_label("layer whose maps are shown").select_option("relu3")
    view.get_by_text("384 maps of 7×7, layer relu3").wait_for()
    colours = lab.painted(sheet)
    view.get_by_label("share of the scale").press("End")
    lab.becomes("live.threshold", "0.5")
    lab.until(lambda: lab.painted(sheet) < colours)

    # Photographs.
    source(view, "photograph")
    view.get_by_text("a photograph, 384 maps").wait_for()
    red = picture(view.locator("canvas[aria-label='what is held up']"))
    view.get_by_role("button", name="photograph 2").click()
    lab.becomes("live.photo, live.given[45, 45, 2] > 240", "1 True")
    lab.until(lambda: picture(view.locator("canvas[aria-label='what is held up']")) != red)
    lab.screenshot("live-photo-light", view)

    # Drawing in colour, by mouse.
    source(view, "draw")
    paper = view.locator("canvas.vk-paper")
    place = paper.bounding_box()
    lab.page.mouse.move(place["x"] + 40, place["y"] + 100)
    lab.page.mouse.down()
    lab.page.mouse.move(place["x"] + 160, place["y"] + 100, steps=6)
    lab.page.mouse.up()
    lab.becomes("live.given.shape, live.given[32, 32].tolist(), live.given[2, 2].tolist()",
                "(64, 64, 3) [214, 39, 40] [255, 255, 255]")
    view.get_by_role("button", name="clear").click()
    lab.becomes("live.given.min()", "255")
    paper.focus()
    paper.press(" ")
    lab.becomes("live.given[32, 32].tolist()", "[214, 39, 40]")

    lab.theme("Dark")
    lab.screenshot("live-draw-dark", view)
    source(view, "pattern")
    view.get_by_text("edge at 180°").wait_for()
    lab.screenshot("live-pattern-dark", view)
    lab.theme("Light")

    # Reopened: the picture of the cell's end, whatever was held up later.
    lab.reopen_without_kernel()
    assert lab.page.locator("img.vk-picture").is_visible()
    outputs = nbformat.read(lab.folder / "page.ipynb", 4).cells[0].outputs
    assert any("grating at 0°" in o.data.get("text/plain", "") for o in outputs)
    lab.screenshot("live-without-kernel")


GIVE = """(node, [kind, bytes, name, type]) => {
  const transfer = new DataTransfer();
  if (bytes) transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
  return !node.dispatchEvent(event);
}"""


def test_files_are_chosen_dropped_and_pasted_and_bad_ones_are_refused_in_words(lab):
    view = lab.show(NET + 'live = net.live("conv1", source="upload")\nlive')
    status, chooser = view.locator(".vk-status"), view.locator("input[type='file']")

    def upload(data, name, kind="image/png"):
        chooser.set_input_files({"name": name, "mimeType": kind, "buffer": data})

    halves = np.zeros((20, 40, 3), np.uint8)
    halves[:, :20], halves[:, 20:] = RED, BLUE
    halves = Image.fromarray(halves)
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = saved(halves, "JPEG", exif=exif, quality=95)
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    deep = np.linspace(0, 65535, 16).astype(np.uint16)[None].repeat(16, 0)
    good = {
        "cmyk.jpg": (saved(halves.convert("CMYK"), "JPEG", quality=95), (20, 40, 3)),
        "sideways.jpg": (upright, (40, 20, 3)),
        "deep.png": (saved(Image.fromarray(deep), "PNG"), (16, 16, 3)),
        "dot.png": (saved(Image.new("RGB", (1, 1), RED), "PNG"), (1, 1, 3)),
        "moving.gif": (saved(frames[0], "GIF", save_all=True, append_images=frames[1:],
                             duration=100), (8, 8, 3)),
        "wide.webp": (saved(halves, "WEBP", quality=95), (20, 40, 3)),
        "huge.png": (saved(Image.new("L", (10_000, 10_000), 200), "PNG"), (224, 224, 3)),
    }
    for name, (data, shape) in good.items():
        upload(data, name)
        lab.becomes("live.given.shape", str(shape), 30)
        assert status.inner_text() == "", name
        if name in ("cmyk.jpg", "sideways.jpg", "moving.gif"):
            assert lab.ask("(abs(live.given[4, 4].astype(int) - [255, 0, 0]) < 45).all()") == "True"

    for name, data, words in (
        ("letter.txt", b"Dear Sir", "letter.txt is no image that can be read here"),
        ("cut.jpg", saved(halves.resize((200, 200)), "JPEG")[:500], "cut.jpg is damaged"),
        ("nothing.png", b"", "nothing.png is empty"),
    ):
        upload(data, name)
        view.get_by_text(words).wait_for()
    lab.becomes("live.given.shape", "(224, 224, 3)")
    lab.screenshot("live-bad-file", view)

    # Dropped on the viewer, and pasted into it.
    bytes_of = list(saved(halves, "PNG"))
    assert view.evaluate(GIVE, ["dragover", bytes_of, "a.png", "image/png"])
    assert view.evaluate(GIVE, ["drop", bytes_of, "a.png", "image/png"])
    lab.becomes("live.given.shape, live.source", "(20, 40, 3) upload")
    assert status.inner_text() == ""
    source(view, "draw")
    dropping = view.locator(".vk-body")
    assert dropping.evaluate(GIVE, ["paste", list(saved(frames[1], "PNG")), "", "image/png"])
    lab.becomes("live.given.shape, live.source", "(8, 8, 3) upload")
    dropping.evaluate(GIVE, ["paste", None, "", ""])
    view.get_by_text("no picture on the clipboard").wait_for()

    # The keyboard's paste reaches the viewer, and no cell is pasted.
    cells = lab.page.locator(".jp-Notebook .jp-Cell").count()
    view.locator(".vk-drop").focus()
    lab.page.evaluate("() => { window.pasted = 0; window.addEventListener('keydown', (e) => {"
                      " if (e.key === 'v' && e.defaultPrevented) window.pasted++; }); }")
    lab.page.keyboard.press("Control+v")
    assert lab.page.evaluate("window.pasted") == 0
    assert lab.page.locator(".jp-Notebook .jp-Cell").count() == cells


COUNT = """() => {
  window.tracks = [];
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (...a) => {
    if (window.refuse) throw new DOMException("no", window.refuse);
    const stream = await real(...a);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}"""
LIVE = "() => window.tracks.filter((track) => track.readyState === 'live').length"


def test_the_camera_is_read_refused_stopped_and_let_go(lab):
    view = lab.show(NET + "live = vk.camera(net)\nlive")
    lab.page.evaluate(COUNT)
    start = view.get_by_role("button", name="start", exact=True)
    stop = view.get_by_role("button", name="stop", exact=True)
    instead = view.get_by_role("button", name="upload a picture instead")

    # Refused, absent: said, and an upload is offered.
    for error, words in (("NotAllowedError", "The camera was refused"),
                         ("NotFoundError", "There is no camera on this machine")):
        lab.page.evaluate("(name) => { window.refuse = name; }", error)
        start.click()
        view.get_by_text(words).wait_for()
        assert instead.is_visible()
    lab.screenshot("live-camera-refused", view)
    instead.click()
    lab.becomes("live.source", "upload")
    source(view, "camera")
    lab.becomes("live.source", "camera")
    lab.page.evaluate("() => { window.refuse = ''; }")

    # Given: frames come, one after another, and are what the camera showed.
    start.click()
    stop.wait_for()
    frames = "node => Number(node.dataset.frames || 0)"
    first = view.evaluate(frames)
    lab.until(lambda: view.evaluate(frames) > first + 10)
    view.get_by_text("ms from frame to maps").wait_for()
    lab.until(lambda: lab.painted(view.locator(SHEET)) > 50)
    lab.becomes("live.given.shape, live.given[..., 1].max() > 100", "(64, 64, 3) True")
    lab.screenshot("live-camera-light", view)
    assert lab.page.evaluate(LIVE) == 1
    view.get_by_label("mirror").uncheck()
    lab.becomes("live.mirror", "False")
    stop.click()
    assert lab.page.evaluate(LIVE) == 0
    view.get_by_text("the camera, 96 maps").wait_for()

    # Another source, scrolling it away, running the cell again and closing the page stop it too.
    start.click()
    stop.wait_for()
    source(view, "pattern")
    lab.until(lambda: lab.page.evaluate(LIVE) == 0)
    source(view, "camera")
    start.click()
    stop.wait_for()
    view.evaluate("node => { node.style.display = 'none'; }")
    lab.until(lambda: lab.page.evaluate(LIVE) == 0)
    view.evaluate("node => { node.style.display = ''; }")
    view.get_by_text("it was out of sight").wait_for()
    start.click()
    stop.wait_for()
    assert lab.page.evaluate(LIVE) == 1
    assert lab.run() == ""
    lab.until(lambda: lab.page.evaluate(LIVE) == 0)

    # A kernel that does not answer: said after a while; what is newest goes on when it does.
    lab.until(lambda: view.count() == 1)
    start.click()
    stop.wait_for()
    begun = view.evaluate(frames)
    lab.until(lambda: view.evaluate(frames) > begun + 2)
    kernel = int(lab.ask("__import__('os').getpid()"))
    os.kill(kernel, signal.SIGSTOP)
    try:
        view.get_by_text("the kernel is busy, or gone").wait_for()
        assert lab.page.evaluate(LIVE) == 1
    finally:
        os.kill(kernel, signal.SIGCONT)
    begun = view.evaluate(frames)
    lab.until(lambda: view.evaluate(frames) > begun + 2)
    assert "busy" not in view.locator(".vk-status").inner_text()
    lab.becomes("live.problem", "")
