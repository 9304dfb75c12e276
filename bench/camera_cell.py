"""What runs in the notebook of bench/camera.py: the plain way to send frames and get maps back."""

import base64
import io
import json

import anywidget
import numpy as np
import traitlets
from PIL import Image

import vizkit as vk
from coursekit import models
from vizkit.live.living import Asked
from vizkit.views.levels import quantised

net = vk.Net(models.load("alexnet64"))
asked = Asked(net, {"conv1": "conv1"})


class Plain(anywidget.AnyWidget):
    """One frame after another, as one writes it without a second thought, in several wires.

    way: "png + json" (a data URL in a trait, lists of numbers back), or "raw", "jpeg" (bytes in a
    message) with "float32" or "uint8" maps back.
    """

    _esm = """
function paint(canvas, values, shape, limit) {
  const [n, h, w] = shape, context = canvas.getContext("2d");
  for (let k = 0; k < n; k++) {
    const image = context.createImageData(w, h);
    for (let i = 0; i < h * w; i++) image.data.set([128 + values[k * h * w + i] / limit * 127, 128, 128, 255], i * 4);
    context.putImageData(image, (k % 14) * (w + 2), Math.floor(k / 14) * (h + 2));
  }
}
async function render({ model, el }) {
  const video = document.createElement("video"), small = document.createElement("canvas"), sheet = document.createElement("canvas");
  Object.assign(small, { width: 64, height: 64 });
  Object.assign(sheet, { width: 480, height: 240 });
  el.append(video, sheet);
  el.classList.add("plain");
  video.width = 200;
  video.muted = true;
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240, frameRate: 30 } });
  await video.play();
  const way = model.get("way"), context = small.getContext("2d", { willReadFrequently: true }), took = [];
  let sentAt = 0, frames = 0;
  const send = async () => {
    sentAt = performance.now();
    context.drawImage(video, 40, 0, 240, 240, 0, 0, 64, 64);
    if (way.startsWith("png")) { model.set("frame", small.toDataURL("image/png")); model.save_changes(); return; }
    if (way.startsWith("jpeg")) {
      const blob = await new Promise((done) => small.toBlob(done, "image/jpeg", 0.9));
      model.send({}, undefined, [await blob.arrayBuffer()]);
      return;
    }
    const { data } = context.getImageData(0, 0, 64, 64), bytes = new Uint8Array(64 * 64 * 3);
    for (let f = 0, t = 0; t < bytes.length; f += 4) { bytes[t++] = data[f]; bytes[t++] = data[f + 1]; bytes[t++] = data[f + 2]; }
    model.send({}, undefined, [bytes.buffer]);
  };
  const came = (values, shape, limit, from = sentAt) => requestAnimationFrame(() => {
    paint(sheet, values, shape, limit);
    took.push(performance.now() - from);
    if (took.length > 60) took.shift();
    Object.assign(el.dataset, { frames: ++frames, latency: [...took].sort((a, b) => a - b)[took.length >> 1] });
  });
  model.on("change:maps", () => {
    const maps = JSON.parse(model.get("maps"));
    came(maps.flat(2), [96, 31, 31], 20);
    send();
  });
  model.on("msg:custom", (content, buffers) => {
    const kind = content.dtype === "float32" ? Float32Array : Int8Array;
    came(new kind(buffers[0].buffer.slice(buffers[0].byteOffset, buffers[0].byteOffset + buffers[0].byteLength)), content.shape, 20);
    send();
  });
  send();
}
export default { render };
"""  # noqa: E501
    way = traitlets.Unicode().tag(sync=True)
    frame = traitlets.Unicode().tag(sync=True)
    maps = traitlets.Unicode().tag(sync=True)

    def __init__(self, way):
        super().__init__(way=way)
        self.on_msg(self.came)

    @traitlets.observe("frame")
    def framed(self, change):
        png = base64.b64decode(change["new"].partition(",")[2])
        image = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
        answer = asked.look(image, "conv1")
        self.maps = json.dumps(answer["maps"].tolist())

    def came(self, _, content, buffers):
        if self.way.startswith("jpeg"):
            image = np.asarray(Image.open(io.BytesIO(buffers[0])).convert("RGB"))
        else:
            image = np.frombuffer(buffers[0], np.uint8).reshape(64, 64, 3)
        maps = asked.look(image, "conv1")["maps"]
        if self.way.endswith("float32"):
            self.send({"dtype": "float32", "shape": maps.shape}, [np.ascontiguousarray(maps).data])
        else:
            self.send({"dtype": "int8", "shape": maps.shape}, [quantised(maps)[0].tobytes()])
