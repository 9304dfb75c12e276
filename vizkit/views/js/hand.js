// The hand of EmbeddingViewer: mouse, pen, fingers and keys pan, zoom, choose a point and draw a lasso.
import { write } from "./frame.js";
import { keys } from "./keys.js";
import { element, pointer } from "./page.js";

/**
 * Listens on the canvas `points`. `hand` is what the stage draws of it: `hovered`, a point or -1, and
 * `path`, the lasso so far; `hand.lasso` says that a drag draws one; `from`, where a path begins whose
 * end is chosen next, or -1. Returns what buttons do as well.
 */
export function listenToHand(points, tip, model, field, gallery, stage, hand, say) {
  const hover = (point, x, y) => {
    if (point === hand.hovered && point < 0) return;
    const changed = point !== hand.hovered;
    hand.hovered = point;
    tip.style.display = point < 0 ? "none" : "";
    if (changed) {
      points.title = "";
      stage.request();
      if (point >= 0) {
        const picture = gallery.node(point, 72);
        tip.replaceChildren(...(picture ? [picture] : []), element("span", { textContent: field.nameOf(point) }));
        say(field.nameOf(point));
      } else say("");
    }
    if (point < 0) return;
    tip.style.left = `${x > field.width / 2 ? x - 14 - tip.offsetWidth : x + 14}px`;
    tip.style.top = `${Math.max(4, Math.min(field.height - tip.offsetHeight - 4, y - tip.offsetHeight / 2))}px`;
  };
  const zoom = (factor, x = field.width / 2, y = field.height / 2) => {
    field.zoom(factor, x, y);
    hover(-1);
    stage.request();
  };
  const pan = (dx, dy) => { field.pan(dx, dy); stage.request(); };
  const all = () => { field.showAll(); stage.request(); };
  const choose = (point) => {
    const { from } = hand;
    if (from < 0) { write(model, "chosen", point); return; }
    if (point === from || point < 0) return;
    begin(-1);
    write(model, "ends", [from, point]);
  };
  const begin = (point) => {
    hand.from = point;
    hand.changed();
    stage.request();
    say(point < 0 ? "" : `${field.nameOf(point)} is A: choose B, the path's other end`);
  };
  /** A path from the chosen point: the next one chosen is its end. Once more: not after all. */
  const path = () => {
    if (hand.from >= 0) begin(-1);
    else if (field.holds(model.get("chosen"))) begin(model.get("chosen"));
    else say("choose a point first: it will be A, where the path begins");
  };

  // The mouse, a pen or fingers.
  const down = new Map(); // pointer: where it is; two of them pinch
  let travelled = 0;
  points.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    points.focus({ preventScroll: true });
    points.setPointerCapture(event.pointerId);
    down.set(event.pointerId, pointer(event, points));
    travelled = 0;
    hand.path = (event.shiftKey || hand.lasso) && down.size === 1 ? [pointer(event, points)] : null;
    hover(-1);
  });
  points.addEventListener("pointermove", (event) => {
    const [x, y] = pointer(event, points);
    const last = down.get(event.pointerId);
    if (!last) { hover(field.under(x, y), x, y); return; }
    travelled += Math.hypot(x - last[0], y - last[1]);
    if (hand.path) { hand.path.push([x, y]); stage.request(); }
    else if (down.size === 2) {
      const other = [...down.entries()].find(([id]) => id !== event.pointerId)[1];
      const apart = (p) => Math.max(20, Math.hypot(p[0] - other[0], p[1] - other[1]));
      zoom(apart([x, y]) / apart(last), (x + other[0]) / 2, (y + other[1]) / 2);
      pan((x - last[0]) / 2, (y - last[1]) / 2);
    } else if (travelled > 3) { pan(x - last[0], y - last[1]); points.style.cursor = "grabbing"; }
    down.set(event.pointerId, [x, y]);
  });
  const release = (event) => {
    if (!down.delete(event.pointerId)) return;
    points.style.cursor = "";
    if (hand.path && travelled > 6) {
      const found = field.inLasso(hand.path);
      write(model, "selection", found.length ? { shape: [found.length], dtype: "uint32", data: new DataView(found.buffer) } : null);
    } else if (travelled <= 3 && event.type === "pointerup") {
      const point = field.under(...pointer(event, points));
      if (point >= 0 || model.get("chosen") >= 0) choose(point);
      else if (model.get("selection")) write(model, "selection", null);
    }
    hand.path = null;
    stage.request();
  };
  points.addEventListener("pointerup", release);
  points.addEventListener("pointercancel", release);
  points.addEventListener("pointerleave", () => hover(-1));
  points.addEventListener("wheel", (event) => {
    // The page scrolls past a viewer that is not in use.
    if (document.activeElement !== points && !event.ctrlKey) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 30 : 1;
    zoom(Math.exp(-Math.max(-300, Math.min(300, event.deltaY * lines)) * 0.0022), ...pointer(event, points));
  }, { passive: false });
  points.addEventListener("dblclick", (event) => zoom(2, ...pointer(event, points)));

  // Keys.
  const clear = () => {
    if (hand.from >= 0) begin(-1);
    else if (model.get("search")) { write(model, "search", ""); }
    else if (model.get("selection")) write(model, "selection", null);
    else if (model.get("ends").length) write(model, "ends", []);
    else choose(-1);
  };
  const strokes = {
    ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0), ArrowUp: () => pan(0, 60), ArrowDown: () => pan(0, -60),
    "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), 0: all, Escape: clear, p: path,
    Enter: () => choose(field.under(field.width / 2, field.height / 2, field.width)),
  };
  const stop = keys(points, (event) => {
    if (!strokes[event.key] || event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return false;
    strokes[event.key]();
    return true;
  });
  return { zoom, all, choose, path, stop };
}
