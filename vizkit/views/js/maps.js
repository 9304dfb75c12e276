// Maps as pictures for ActivationViewer: their colours, where they stand in a cell, what is to be said of them.
import { bitmap, canvas, element, resize } from "./page.js";
import { BROKEN, palette, toTyped } from "./values.js";

const INPUT = 160, THINNEST = 14;

/** Are there negative values (finite ones)? */
export function isSigned(values) {
  for (const value of values) if (value < 0 && Number.isFinite(value)) return true;
  return false;
}

/** RGBA bytes of one map: values nearer to zero than `near` are drawn as zero. */
export function mapPixels(values, start, area, limit, signed, near, table = palette(signed)) {
  const pixels = new Uint8ClampedArray(area * 4);
  const last = table.length / 3 - 1;
  for (let i = 0; i < area; i++) {
    let value = values[start + i];
    const at = i * 4;
    pixels[at + 3] = 255;
    if (!Number.isFinite(value)) {
      [pixels[at], pixels[at + 1], pixels[at + 2]] = BROKEN;
      continue;
    }
    if (Math.abs(value) < near) value = 0;
    const share = signed ? value / limit / 2 + 0.5 : value / limit;
    const entry = 3 * Math.round(Math.min(1, Math.max(0, share)) * last);
    pixels[at] = table[entry];
    pixels[at + 1] = table[entry + 1];
    pixels[at + 2] = table[entry + 2];
  }
  return pixels;
}

/** Where a picture of width × height stands in a square cell: as large as fits, in the middle; never a mere line. */
export function inCell(cell, width, height) {
  const scale = cell / Math.max(width, height), least = Math.min(cell, THINNEST);
  const [w, h] = [Math.max(least, Math.round(width * scale)), Math.max(least, Math.round(height * scale))];
  return { x: Math.floor((cell - w) / 2), y: Math.floor((cell - h) / 2), width: w, height: h };
}

/** Row and column of the value under (x, y) in a box; null outside. */
export function valueAt(x, y, box, width, height) {
  const column = Math.floor(((x - box.x) / box.width) * width), row = Math.floor(((y - box.y) / box.height) * height);
  return column >= 0 && row >= 0 && column < width && row < height ? { row, column } : null;
}

/** The lowest and highest finite value of a map, and how many count as not zero. */
export function summarise(map, near) {
  let low = Infinity, high = -Infinity, active = 0;
  for (const value of map) {
    if (value !== 0 && !(Math.abs(value) < near)) active++;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high, active };
}

/** How many of the maps have no value that counts: all nearer to zero than the threshold, or zero. */
export function silent(values, count, area, nearOf) {
  let total = 0;
  for (let k = 0; k < count; k++) {
    const { active } = summarise(values.subarray(k * area, (k + 1) * area), nearOf(k));
    if (active === 0) total++;
  }
  return total;
}

/** An image (height, width) or (height, width, 3), uint8, as a canvas. */
function imagePixels({ shape, values }) {
  const [height, width, depth = 1] = shape;
  const pixels = new Uint8ClampedArray(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++) for (let c = 0; c < 3; c++) pixels[i * 4 + c] = values[i * depth + Math.min(c, depth - 1)];
  return bitmap(pixels, width, height);
}

/** A title in the upper left corner of a map, on a light ground; cut where the map ends. */
export function drawTitle(context, title, x, y, width) {
  context.font = "10px sans-serif";
  let text = title;
  while (text.length > 2 && context.measureText(text).width > width - 4) text = `${text.slice(0, -2)}…`;
  context.textBaseline = "top";
  context.fillStyle = "rgba(255, 255, 255, 0.8)";
  context.fillRect(x, y, Math.min(width, context.measureText(text).width + 4), 13);
  context.fillStyle = "#222";
  context.fillText(text, x + 2, y + 2);
}

/** The pixels [top, left, bottom, right] that value (row, column) sees, by its layer's receptive field; without one, its share of the image. */
export function seenBox(sees, place, mapShape, imageShape) {
  const at = [place.row, place.column];
  if (sees.size) {
    const [y, x] = at.map((index, axis) => sees.offset[axis] + index * sees.step[axis]);
    return [y, x, y + sees.size[0], x + sees.size[1]];
  }
  const [h, w] = [0, 1].map((axis) => imageShape[axis] / mapShape[axis]);
  return [at[0] * h, at[1] * w, (at[0] + 1) * h, (at[1] + 1) * w];
}

/** A box in words: rows and columns, and whether it reaches outside of the image. */
export function boxWords([top, left, bottom, right], [height, width]) {
  const out = top < 0 || left < 0 || bottom > height || right > width;
  return `sees rows ${top} to ${bottom - 1}, columns ${left} to ${right - 1}`.replaceAll("-", "−") + (out ? " (padding outside of the image)" : "");
}

/** The image's element, its shape, and a function that marks a box of its pixels, or none. */
export function inputImage(wire) {
  if (!wire) return { node: null, shape: null, mark: () => {} };
  const typed = toTyped(wire);
  const source = imagePixels(typed);
  const box = inCell(INPUT, typed.shape[1], typed.shape[0]);
  const sheet = canvas(box.width, box.height, "the image that went in");
  sheet.tabIndex = -1;
  const [h, w] = [box.height / typed.shape[0], box.width / typed.shape[1]];
  const mark = (seen) => {
    const context = resize(sheet, box.width, box.height);
    context.imageSmoothingEnabled = typed.shape[1] > box.width;
    context.drawImage(source, 0, 0, box.width, box.height);
    if (!seen) return;
    const [top, left] = [Math.max(0, seen[0] * h), Math.max(0, seen[1] * w)];
    const [bottom, right] = [Math.min(box.height, seen[2] * h), Math.min(box.width, seen[3] * w)];
    context.fillStyle = "rgba(0, 0, 0, 0.45)"; // what it cannot see is dimmed
    context.fillRect(0, 0, box.width, top);
    context.fillRect(0, bottom, box.width, box.height - bottom);
    context.fillRect(0, top, left, bottom - top);
    context.fillRect(right, top, box.width - right, bottom - top);
    for (const [colour, line] of [["#000", 3], ["#fff", 1.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.strokeRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    }
  };
  mark(null);
  const heading = element("div", { className: "vk-heading", textContent: "image" });
  return { node: element("div", { className: "vk-side" }, heading, sheet), shape: typed.shape, mark };
}
