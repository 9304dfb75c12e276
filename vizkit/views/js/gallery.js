// Pictures of points as small canvases: from the thumbnails at once, with all their pixels when Python has sent them.
import { listen, write } from "./frame.js";
import { bitmap, element, soon } from "./page.js";
import { toTyped } from "./values.js";

const KEPT = 300; // larger pictures in memory, 50 kB each at most
const AT_ONCE = 64; // asked for at a time

/** The RGBA bytes of one picture (height, width) or (height, width, 3) out of many. */
export function picturePixels({ shape, values }, index) {
  const [, height, width] = shape;
  const depth = shape.length === 4 ? 3 : 1;
  const pixels = new Uint8ClampedArray(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++) {
    const from = (index * height * width + i) * depth;
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = values[from + (depth === 3 ? c : 0)];
  }
  return pixels;
}

/** Which points to ask for now: those not yet there, the newest first. */
export function wanted(waiting, own, most = AT_ONCE) {
  return [...waiting].reverse().filter((point) => !own.has(point)).slice(0, most);
}

/** `node(point, side)` is a picture `side` CSS pixels long, or null without pictures; `stop` forgets what was asked. */
export function makeGallery(model, thumbs) {
  const own = new Map(); // point → canvas with all its pixels
  const nodes = new Map(); // point → pictures on the page that wait for them
  let sent = 0;
  const small = (point) => bitmap(picturePixels(thumbs, point), thumbs.shape[2], thumbs.shape[1]);
  const fill = (node, source) => {
    [node.width, node.height] = [source.width, source.height];
    node.getContext("2d").drawImage(source, 0, 0);
    const scale = Number(node.dataset.side) / Math.max(source.width, source.height);
    Object.assign(node.style, { width: `${source.width * scale}px`, height: `${source.height * scale}px` });
  };
  const ask = soon(() => {
    if (performance.now() - sent < 2000) return; // one question on its way; its answer asks again
    for (const [point, some] of nodes) if (!some.some((node) => node.isConnected)) nodes.delete(point);
    const points = Uint32Array.from(wanted(nodes.keys(), own));
    if (!points.length) return;
    sent = performance.now();
    write(model, "asked", { shape: [points.length], dtype: "uint32", data: new DataView(points.buffer) });
  });
  const take = () => {
    sent = 0;
    const pictures = toTyped(model.get("large"));
    toTyped(model.get("large_of")).values.forEach((point, at) => {
      const source = bitmap(picturePixels(pictures, at), pictures.shape[2], pictures.shape[1]);
      own.delete(point);
      own.set(point, source);
      for (const node of nodes.get(point) ?? []) fill(node, source);
      nodes.delete(point);
    });
    for (const point of [...own.keys()].slice(0, Math.max(0, own.size - KEPT))) own.delete(point);
    if (nodes.size) ask();
  };
  const ignore = listen(model, "large_of", take);
  return {
    node(point, side) {
      if (!thumbs.values.length && !model.get("closer")) return null;
      const node = element("canvas", { className: "vk-thumb" });
      node.dataset.side = side;
      if (own.has(point)) fill(node, own.get(point));
      else {
        if (thumbs.values.length) fill(node, small(point));
        else Object.assign(node.style, { width: `${side}px`, height: `${side}px` });
        if (model.get("closer")) { nodes.set(point, [...(nodes.get(point) ?? []), node]); ask(); }
      }
      return node;
    },
    stop() { ask.cancel(); ignore(); },
  };
}
