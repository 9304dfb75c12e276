// What AtlasViewer says of a cell: beside the map of the chosen one, over it of the one under the pointer.
import { canvas, element } from "./page.js";
import { percent } from "./tiles.js";

/** A picture of a cell, `side` CSS pixels wide, as a canvas. */
export function cellPicture(painter, cell, side) {
  const node = canvas(side, side, "");
  node.tabIndex = -1;
  node.setAttribute("aria-hidden", "true");
  const context = node.getContext("2d");
  context.imageSmoothingEnabled = true;
  painter.picture(context, cell, 0, 0, side);
  return node;
}

/** What a cell is strongest in, in words. */
export function wordsOfCell(ground, cell) {
  const told = ground.classes(cell).map(([name, share]) => `${name} ${percent(share)}`).join(", ");
  return `${told || `cell ${cell}`} · ${ground.counts[cell].toLocaleString("en")} activations`;
}

/** The table of a cell's strongest classes. */
function classRows(ground, cell) {
  return ground.classes(cell).flatMap(([name, share]) => {
    const bar = element("span", { className: "vk-share" }, element("i", { style: { width: `${100 * share}%` } }));
    return [element("span", { className: "vk-name", textContent: name, title: name }), bar, element("span", { className: "vk-count", textContent: percent(share) })];
  });
}

/** The plate of the chosen cell; `show` fills it. `choose(cell)` goes to another one. */
export function makePlate(model, ground, painter, choose) {
  const node = element("div", { className: "vk-plate", "aria-live": "polite" });
  const show = () => {
    const chosen = model.get("chosen");
    if (chosen < 0) {
      node.replaceChildren(element("div", { className: "vk-note", textContent: "Click a cell, or move with the arrow keys and press Enter: its picture, its strongest classes and the cells that are really near to it." }));
      return;
    }
    const near = ground.nearTo(chosen), touch = new Set(ground.touching(chosen));
    const shared = near.filter(([other]) => touch.has(other)).length;
    const who = model.get("told") === "labels" ? "what its images show" : "what the network takes its images for";
    const rows = near.map(([other, cosine]) => element("button", {
      className: `vk-near${touch.has(other) ? "" : " vk-far"}`, type: "button", onclick: () => choose(other),
      "aria-label": `${wordsOfCell(ground, other)}; cosine ${cosine.toFixed(2)}, ${touch.has(other) ? "beside it" : "elsewhere on the map"}`,
      title: `${wordsOfCell(ground, other)} · cosine ${cosine.toFixed(2)}` },
    cellPicture(painter, other, 34), element("span", { className: "vk-count", textContent: cosine.toFixed(2) })));
    node.replaceChildren(
      cellPicture(painter, chosen, 200),
      element("div", { className: "vk-note", textContent: `${ground.counts[chosen].toLocaleString("en")} activations; ${who}:` }),
      element("div", { className: "vk-shares" }, ...classRows(ground, chosen)),
      element("div", { className: "vk-note", textContent: `Most alike in the original space, with the cosine; ${shared} of ${near.length} touch it on this map (the others are dashed). On the map, × touches it and is not among them.` }),
      element("div", { className: "vk-nears", role: "group", "aria-label": "cells most alike in the original space" }, ...rows),
    );
  };
  return { node, show };
}

/** The tip over the map: `show(cell, x, y)`, -1 hides it. */
export function makeTip(ground, painter) {
  const node = element("div", { className: "vk-tip", style: { display: "none" } });
  let last = -1;
  return { node, show(cell, x, y) {
    node.style.display = cell < 0 ? "none" : "";
    if (cell < 0) { last = -1; return; }
    if (cell !== last) {
      const words = ground.classes(cell).map(([name, share]) => element("div", { textContent: `${name} ${percent(share)}` }));
      node.replaceChildren(cellPicture(painter, cell, 72), element("div", {}, ...words, element("div", { className: "vk-count", textContent: `${ground.counts[cell].toLocaleString("en")} activations` })));
      last = cell;
    }
    node.style.left = `${x > ground.width / 2 ? x - 16 - node.offsetWidth : x + 16}px`;
    node.style.top = `${Math.max(4, Math.min(ground.height - node.offsetHeight - 4, y - node.offsetHeight / 2))}px`;
  } };
}
