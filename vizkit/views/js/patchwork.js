// Patches as pictures for PatchViewer: their sheet, the histogram of maxima, a box on a whole image.
import { bitmap } from "./page.js";
import { number } from "./values.js";

export const LABEL = 15;

/** Pictures (n, y, x, 3), bytes, from a place on, as n canvases. */
export function patchPictures(values, start, count, height, width) {
  return Array.from({ length: count }, (_, k) => {
    const pixels = new Uint8ClampedArray(height * width * 4).fill(255);
    const from = start + k * height * width * 3;
    for (let i = 0; i < height * width; i++) for (let c = 0; c < 3; c++) pixels[4 * i + c] = values[from + 3 * i + c];
    return bitmap(pixels, width, height);
  });
}

/** Where the patches of a group stand: columns, and the size of a cell with its value below. */
export function patchGrid(count, height, width, cell = 56) {
  const columns = Math.ceil(Math.sqrt(count)), scale = cell / Math.max(height, width);
  return { columns, rows: Math.ceil(count / columns), gap: 4, count,
    width: Math.max(8, Math.round(width * scale)), height: Math.max(8, Math.round(height * scale)) };
}

/** Which patch of a group lies under (x, y); -1 for none. */
export function patchAt(x, y, grid) {
  const column = Math.floor(x / (grid.width + grid.gap)), row = Math.floor(y / (grid.height + LABEL + grid.gap));
  if (x < 0 || y < 0 || column >= grid.columns || x % (grid.width + grid.gap) >= grid.width) return -1;
  const index = row * grid.columns + column;
  return index < grid.count ? index : -1;
}

/** Draw a group: its patches, the value below each, a frame around the one looked at. */
export function drawGroup(context, pictures, values, grid, looked, colours) {
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "top";
  pictures.forEach((picture, k) => {
    const x = (k % grid.columns) * (grid.width + grid.gap) + 2, y = Math.floor(k / grid.columns) * (grid.height + LABEL + grid.gap) + 2;
    context.imageSmoothingEnabled = picture.width > grid.width;
    context.drawImage(picture, x, y, grid.width - 2, grid.height - 2);
    context.fillStyle = colours.ink;
    context.fillText(number(values[k]).replace("-", "−"), x + grid.width / 2 - 1, y + grid.height);
    if (k !== looked) return;
    context.strokeStyle = colours.accent;
    context.lineWidth = 3;
    context.strokeRect(x, y, grid.width - 2, grid.height - 2);
  });
}

/** Heights of a histogram's bars in pixels: none that counts is invisible. */
export function barHeights(counts, height) {
  const most = Math.max(1, ...counts);
  return Array.from(counts, (count) => (count ? Math.max(1.5, (count / most) * height) : 0));
}

/** Draw the histogram of maxima: bars, both ends in words, a tick above for each strongest patch. */
export function drawMaxima(context, counts, [low, high], strongest, width, height, colours) {
  const base = height - 16, roof = 10, heights = barHeights(counts, base - roof - 2);
  const step = width / counts.length;
  context.fillStyle = colours.faint;
  heights.forEach((tall, k) => context.fillRect(k * step, base - tall, Math.max(1, step - 1), tall));
  context.strokeStyle = colours.edge;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, base + 0.5);
  context.lineTo(width, base + 0.5);
  context.stroke();
  context.fillStyle = colours.accent;
  for (const value of strongest) {
    const x = Math.min(width - 1, Math.max(1, ((value - low) / (high - low)) * width));
    context.fillRect(x - 1, 0, 2, roof - 2);
  }
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "bottom";
  context.fillStyle = colours.ink;
  context.textAlign = "left";
  context.fillText(number(low).replace("-", "−"), 0, height);
  context.textAlign = "right";
  context.fillText(number(high).replace("-", "−"), width, height);
}

/** How an image and a box that may reach outside of it fit into a square room: pixels of the page. */
export function framed([top, left, bottom, right], height, width, room) {
  const y0 = Math.min(0, top), x0 = Math.min(0, left), y1 = Math.max(height, bottom), x1 = Math.max(width, right);
  const scale = room / Math.max(y1 - y0, x1 - x0);
  return { width: (x1 - x0) * scale, height: (y1 - y0) * scale,
    image: [(0 - x0) * scale, (0 - y0) * scale, width * scale, height * scale],
    box: [(left - x0) * scale, (top - y0) * scale, (right - left) * scale, (bottom - top) * scale] };
}
