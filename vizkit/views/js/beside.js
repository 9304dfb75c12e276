// What stands above the maps of LiveViewer: the picture as it is seen, one map, the likeliest classes.
import { bitmap, canvas, element, resize } from "./page.js";
import { number } from "./values.js";

/** An image (height, width) or (height, width, 3), uint8, as a canvas. */
export function pictureOf({ shape: [height, width, depth = 1], values }) {
  const pixels = new Uint8ClampedArray(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++) for (let c = 0; c < 3; c++) pixels[i * 4 + c] = values[i * depth + Math.min(c, depth - 1)];
  return bitmap(pixels, width, height);
}

/** Draw a part of a canvas as large as fits in a square of `side`, whole pixels where it is enlarged. */
export function drawFitted(node, source, side, [x, y, width, height] = [0, 0, source.width, source.height]) {
  const scale = side / Math.max(width, height);
  const context = resize(node, Math.round(width * scale), Math.round(height * scale));
  context.imageSmoothingEnabled = scale < 1;
  context.drawImage(source, x, y, width, height, 0, 0, Math.round(width * scale), Math.round(height * scale));
}

/** A picture with a heading and a line below it. */
export function exhibit(label) {
  const node = canvas(10, 10, label);
  node.tabIndex = -1;
  const heading = element("div", { className: "vk-heading" }), note = element("div", { className: "vk-note" });
  return { canvas: node, heading, note, node: element("div", { className: "vk-exhibit" }, heading, node, note) };
}

/** Bars of the likeliest classes; `draw(names, shares)` changes the rows that are there. */
export function classBars(most = 5) {
  const rows = Array.from({ length: most }, () => {
    const name = element("span", { className: "vk-name" }), fill = element("i"), value = element("span", { className: "vk-value" });
    const row = element("div", { role: "listitem" }, name, element("span", { className: "vk-track", "aria-hidden": "true" }, fill), value);
    return { row, name, fill, value };
  });
  const node = element("div", { className: "vk-exhibit vk-grow" }, element("div", { className: "vk-heading", textContent: "likeliest classes" }),
    element("div", { className: "vk-bars", role: "list" }, ...rows.map(({ row }) => row)));
  return {
    node,
    draw(names, shares) {
      node.style.display = names.length ? "" : "none";
      rows.forEach(({ row, name, fill, value }, k) => {
        row.style.visibility = k < names.length ? "" : "hidden";
        name.textContent = name.title = names[k] ?? "";
        fill.style.width = `${100 * Math.min(1, Math.max(0, shares[k] || 0))}%`;
        value.textContent = k < names.length ? (Number.isNaN(shares[k]) ? number(shares[k]) : shares[k].toFixed(2)) : "";
      });
    },
  };
}
