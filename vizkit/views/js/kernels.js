// KernelViewer: small pictures of kernels; one of them large, with its weights.
import { frame, listen, write } from "./frame.js";
import { cellAt, choosing, fitGrid, reveal } from "./grid.js";
import { makeMoments } from "./moments.js";
import { bitmap, canvas, chooser, element, labelled, onThemeChange, pointer, resize, showScale, soon, themeColour } from "./page.js";
import { BROKEN, colour, largest, number, toTyped } from "./values.js";

/** RGBA bytes of one kernel: colour around mid-grey for three channels, else one channel, signed. */
export function kernelPixels(values, shape, index, channel, limit) {
  const [, channels, height, width] = shape;
  const area = height * width;
  const start = index * channels * area;
  const pixels = new Uint8ClampedArray(area * 4);
  for (let i = 0; i < area; i++) {
    let rgb;
    if (channels === 3) {
      const raw = [0, 1, 2].map((c) => values[start + c * area + i]);
      rgb = raw.every(Number.isFinite) ? raw.map((v) => Math.floor((v / limit / 2 + 0.5) * 255 + 0.5)) : BROKEN;
    } else {
      rgb = colour(values[start + channel * area + i], limit);
    }
    pixels.set([...rgb, 255], i * 4);
  }
  return pixels;
}

/** The numbers that set one kernel's scale: its own, or everybody's. */
export function scaleOf(values, shape, index, channel, shared) {
  const [count, channels, height, width] = shape;
  const area = height * width;
  const part = (k) => {
    const start = k * channels * area + (channels === 3 ? 0 : channel * area);
    return values.subarray(start, start + (channels === 3 ? 3 * area : area));
  };
  if (!shared) return largest(part(index));
  let most = 0;
  for (let k = 0; k < count; k++) most = Math.max(most, largest(part(k)));
  return most;
}

function drawGrid(node, pictures, grid, selected) {
  const cellStep = grid.cell + grid.gap;
  const context = resize(node, grid.columns * cellStep, grid.rows * cellStep);
  pictures.forEach((picture, k) => {
    const x = (k % grid.columns) * cellStep, y = Math.floor(k / grid.columns) * cellStep;
    context.drawImage(picture, x + 1, y + 1, grid.cell - 2, grid.cell - 2);
    if (k !== selected) return;
    context.strokeStyle = themeColour(node, "accent");
    context.lineWidth = 3;
    context.strokeRect(x + 1, y + 1, grid.cell - 1, grid.cell - 1);
  });
}

/** The largest of several moments: one scale over time. */
export function scaleOverTime(values, shape, index, channel, shared) {
  const [moments, ...one] = shape, size = one.reduce((a, b) => a * b, 1);
  return Array.from({ length: moments }, (_, t) => scaleOf(values.subarray(t * size, (t + 1) * size), one, index, channel, shared))
    .reduce((a, b) => Math.max(a, b), 0);
}

/** How many digits stand behind the point of weights up to this limit, so that they tell apart. */
export function digits(limit, whole) {
  const size = Math.floor(Math.log10(limit));
  return whole || size >= 2 ? 0 : size === 1 ? 1 : Math.min(6, Math.max(2, 1 - size));
}

function drawLarge(node, picture, kernel, shape, channel) {
  const [, channels, height, width] = shape;
  const cell = Math.floor(220 / Math.max(height, width)) || 1;
  const context = resize(node, width * cell, height * cell);
  context.drawImage(picture, 0, 0, width * cell, height * cell);
  if (channels === 3 || cell < 30) return;
  const weights = Array.from({ length: height * width }, (_, i) => kernel(channel, i));
  const places = digits(largest(weights), weights.every(Number.isInteger));
  const texts = weights.map((weight) => (Number.isFinite(weight) ? Number(weight.toFixed(places)) : weight))
    .map((weight) => (Number.isFinite(weight) ? (weight || 0).toFixed(places).replace("-", "−") : number(weight)));
  const longest = Math.max(...texts.map((text) => text.length));
  context.font = `${Math.min(13, (cell * 1.5) / longest)}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0; i < height * width; i++) {
    const [r, g, b] = picture.getContext("2d").getImageData(i % width, Math.floor(i / width), 1, 1).data;
    context.fillStyle = r * 0.3 + g * 0.6 + b * 0.1 < 128 ? "#fff" : "#111";
    context.fillText(texts[i], ((i % width) + 0.5) * cell, (Math.floor(i / width) + 0.5) * cell);
  }
}

function render({ model, el }) {
  const view = frame(el, model), noun = model.get("noun");
  const sheet = canvas(10, 10, `${noun}s: arrow keys choose one, Escape none`);
  const large = canvas(10, 10, `the chosen ${noun}, enlarged`);
  large.tabIndex = -1;
  const heading = element("div", { className: "vk-heading" });
  const side = element("div", { className: "vk-side" }, heading, large);
  const legend = element("div", { className: "vk-bar vk-legend" });
  const scroll = element("div", { className: "vk-scroll" }, sheet);
  view.body.append(element("div", { className: "vk-side" }, scroll, legend), side);
  const moments = makeMoments(model);
  view.bar.append(moments.node);
  let shape, values, pictures, grid;

  const at = (k, c, i) => values[(k * shape[1] + c) * shape[2] * shape[3] + i];
  const drawSelected = () => {
    const selected = model.get("selected");
    drawGrid(sheet, pictures, grid, selected);
    side.style.display = selected >= 0 && selected < shape[0] ? "" : "none";
    if (!pictures[selected]) return;
    heading.textContent = `${noun} ${selected}`;
    drawLarge(large, pictures[selected], (c, i) => at(selected, c, i), shape, model.get("channel"));
  };
  const choose = () => {
    const selected = model.get("selected");
    drawSelected();
    reveal(scroll, selected, grid);
    view.status.textContent = pictures[selected] ? `${noun} ${selected} is chosen` : model.get("problem");
  };
  const draw = () => {
    const past = toTyped(model.get("snapshots"));
    const channel = model.get("channel"), shared = model.get("shared_scale");
    moments.show(past.shape[0]);
    shape = past.shape.slice(1);
    const size = past.values.length / past.shape[0], now = Math.min(model.get("moment"), past.shape[0] - 1);
    values = past.values.subarray(now * size, (now + 1) * size);
    const ofAll = shared ? scaleOverTime(past.values, past.shape, 0, channel, true) : null;
    pictures = Array.from({ length: shape[0] }, (_, k) => {
      const limit = ofAll ?? scaleOf(values, shape, k, channel, false);
      return bitmap(kernelPixels(values, shape, k, channel, limit), shape[3], shape[2]);
    });
    grid = fitGrid(shape[0], 560, 420, 2, 72, 24);
    if (shape[1] === 3) legend.textContent = "mid-grey is zero";
    else showScale(legend, ofAll, true);
    drawSelected();
  };
  const say = (k, x, y) => {
    const channels = shape[1] === 3 ? [0, 1, 2] : [model.get("channel")];
    const weights = channels.map((c) => number(at(k, c, y * shape[3] + x)));
    view.status.textContent = `${noun} ${k}, row ${y}, column ${x}: ${shape[1] === 3 ? "red, green, blue " : "weight "}${weights.join(", ")}`;
  };

  sheet.addEventListener("pointermove", (event) => {
    const [px, py] = pointer(event, sheet);
    const k = cellAt(px, py, grid, shape[0]);
    if (k < 0) { view.status.textContent = ""; return; }
    const stepSize = grid.cell + grid.gap;
    const inside = (p, size) => Math.min(size - 1, Math.max(0, Math.floor(((p % stepSize) / grid.cell) * size)));
    say(k, inside(px, shape[3]), inside(py, shape[2]));
  });
  sheet.addEventListener("click", (event) => {
    const k = cellAt(...pointer(event, sheet), grid, shape[0]);
    write(model, "selected", k === model.get("selected") ? -1 : k);
  });
  large.addEventListener("pointermove", (event) => {
    const [px, py] = pointer(event, large);
    const cell = Math.floor(220 / Math.max(shape[2], shape[3])) || 1;
    const x = Math.floor(px / cell), y = Math.floor(py / cell);
    if (x < shape[3] && y < shape[2] && x >= 0 && y >= 0) say(model.get("selected"), x, y);
  });

  const scale = chooser([["own", `each ${noun} its own`], ["shared", "one for all"]],
    model.get("shared_scale") ? "shared" : "own", (v) => write(model, "shared_scale", v === "shared"), "scale of the colours");
  view.bar.append(labelled("scale", scale));
  view.undo.push(listen(model, "shared_scale", () => { scale.value = model.get("shared_scale") ? "shared" : "own"; }));
  const depth = model.get("snapshots").shape[2];
  if (depth !== 1 && depth !== 3) {
    const slider = element("input", { type: "range", min: 0, max: depth - 1, value: model.get("channel"),
      "aria-label": `input channel, 0 to ${depth - 1}`, oninput: () => write(model, "channel", Number(slider.value)) });
    const text = element("span", { className: "vk-number" });
    const follow = () => { slider.value = text.textContent = model.get("channel"); };
    follow();
    view.bar.append(labelled("input channel", slider), text);
    view.undo.push(listen(model, "channel", follow));
  }
  const later = soon(draw);
  view.undo.push(choosing(sheet, model, () => ({ columns: grid.columns, count: shape[0] })),
    listen(model, "snapshots moment channel shared_scale", later), later.cancel, moments.stop, listen(model, "selected", choose), onThemeChange(drawSelected));
  draw();
  return view.cleanup;
}

export default { render };
