// Paper to draw on: ink for mouse, pen, finger and keys, its undo, its bytes. Knows no model.
import { keyed } from "./keys.js";
import { canvas, element, pointer, resize, themeColour } from "./page.js";

export const PAPER = 140; // side of the paper in its own pixels, as in sketch.py
const SHOWN = 280; // and on the screen
const PIXEL = 5; // an arrow key moves the pen by this
const HISTORY = 40;

/** Where the pen is after a key, inside the paper; null where the key is no arrow. */
export function moved([x, y], key) {
  const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!by) return null;
  const inside = (v) => Math.min(PAPER - PIXEL / 2, Math.max(PIXEL / 2, v));
  return [inside(x + by[0] * PIXEL), inside(y + by[1] * PIXEL)];
}

/** A sheet of paper off the screen: ink is its opacity, or has a colour. Knows strokes, undo, bytes. */
function sheet(colour) {
  const node = element("canvas", { width: PAPER, height: PAPER });
  const context = node.getContext("2d", { willReadFrequently: true });
  context.lineCap = context.lineJoin = "round";
  const past = [];
  return {
    node, past,
    remember() {
      past.push(context.getImageData(0, 0, PAPER, PAPER));
      if (past.length > HISTORY) past.shift();
    },
    undo() { const before = past.pop(); if (before) context.putImageData(before, 0, 0); return Boolean(before); },
    clear() { context.clearRect(0, 0, PAPER, PAPER); },
    line(from, to, width) {
      context.lineWidth = width;
      context.strokeStyle = colour ? colour() : "#fff";
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(to[0] + 0.01, to[1]);
      context.stroke();
    },
    load(bytes) {
      const image = context.createImageData(PAPER, PAPER);
      bytes.forEach((ink, i) => image.data.set([255, 255, 255, ink], i * 4));
      context.putImageData(image, 0, 0);
    },
    bytes() {
      const { data } = context.getImageData(0, 0, PAPER, PAPER);
      return Uint8Array.from({ length: PAPER * PAPER }, (_, i) => data[i * 4 + 3]);
    },
  };
}

/**
 * The paper on the screen. `brush()` is the pen's width; `changed` is called when there is other ink,
 * `say` tells the pen's place. With `colour()`, the ink is of that colour, on white paper of `shown` pixels.
 */
export function makePaper(brush, changed, say, colour = null, shown = SHOWN) {
  const paper = sheet(colour);
  const tinted = element("canvas", { width: PAPER, height: PAPER });
  const pad = canvas(shown, shown, "paper to draw on: arrow keys move the pen, space puts it down and lifts it, "
    + "Shift with an arrow draws, Z takes the last stroke back, Delete clears");
  pad.classList.add("vk-paper");
  let pen = [PAPER / 2, PAPER / 2], byKeys = false, down = false, stroke = null;

  const draw = () => {
    const context = resize(pad, shown, shown);
    if (colour) {
      context.fillStyle = "#fff";
      context.fillRect(0, 0, shown, shown);
      context.imageSmoothingEnabled = true;
      context.drawImage(paper.node, 0, 0, shown, shown);
      if (byKeys) drawPen(context);
      return;
    }
    const tint = tinted.getContext("2d");
    tint.globalCompositeOperation = "copy";
    tint.drawImage(paper.node, 0, 0);
    tint.globalCompositeOperation = "source-in";
    tint.fillStyle = themeColour(pad, "ink");
    tint.fillRect(0, 0, PAPER, PAPER);
    context.clearRect(0, 0, shown, shown);
    context.imageSmoothingEnabled = true;
    context.drawImage(tinted, 0, 0, shown, shown);
    if (byKeys) drawPen(context);
  };
  const drawPen = (context) => {
    const [x, y] = pen.map((v) => (v * shown) / PAPER);
    context.strokeStyle = themeColour(pad, "accent");
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, (brush() * shown) / PAPER / 2, 0, 7);
    context.moveTo(x - 5, y);
    context.lineTo(x + 5, y);
    context.moveTo(x, y - 5);
    context.lineTo(x, y + 5);
    context.stroke();
    if (down) { context.globalAlpha = 0.3; context.fillStyle = context.strokeStyle; context.fill(); }
  };
  const inked = () => { draw(); changed(); };
  const undo = () => { if (paper.undo()) { down = false; inked(); } };
  const clear = () => { paper.remember(); paper.clear(); down = false; inked(); };

  // Mouse, pen, finger
  const at = (event) => pointer(event, pad).map((v) => (v * PAPER) / shown);
  const width = (event) => brush() * (event.pointerType === "pen" && event.pressure ? 0.4 + 1.2 * event.pressure : 1);
  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    pad.focus({ preventScroll: true });
    pad.setPointerCapture(event.pointerId);
    byKeys = down = false;
    paper.remember();
    stroke = at(event);
    paper.line(stroke, stroke, width(event));
    inked();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!stroke || !event.isPrimary) return;
    const parts = event.getCoalescedEvents?.() ?? [];
    for (const part of parts.length ? parts : [event]) {
      const next = at(part);
      paper.line(stroke, next, width(part));
      stroke = next;
    }
    inked();
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) pad.addEventListener(end, () => { stroke = null; });

  // Keys
  const where = () => `row ${Math.floor(pen[1] / PIXEL)}, column ${Math.floor(pen[0] / PIXEL)}`;
  const stop = keyed(pad, (event) => {
    const next = moved(pen, event.key);
    const plainKey = event.key.toLowerCase();
    if (!next && ![" ", "z", "delete", "backspace", "escape"].includes(plainKey)) return false;
    if ((event.ctrlKey || event.metaKey || event.altKey) && plainKey !== "z") return false;
    byKeys = true;
    if (plainKey === "z") { undo(); return true; }
    if (plainKey === "delete" || plainKey === "backspace") { clear(); return true; }
    if (plainKey === "escape") { down = false; draw(); say(`pen up, ${where()}`); return true; }
    if (plainKey === " ") {
      down = !down;
      if (down) { paper.remember(); paper.line(pen, pen, brush()); inked(); } else draw();
      say(`pen ${down ? "down" : "up"}, ${where()}`);
      return true;
    }
    if (down || event.shiftKey) {
      if (!down && !stroke) { paper.remember(); stroke = pen; }
      paper.line(pen, next, brush());
      pen = next;
      inked();
    } else {
      pen = next;
      draw();
    }
    say(`pen ${down || event.shiftKey ? "down" : "up"}, ${where()}`);
    return true;
  });
  pad.addEventListener("keyup", (event) => { if (event.key === "Shift") stroke = null; });
  pad.addEventListener("focus", () => { byKeys = pad.matches(":focus-visible"); draw(); });
  pad.addEventListener("blur", () => { byKeys = down = false; draw(); });

  return {
    node: pad, draw, undo, clear, stop,
    untouched: () => !paper.past.length,
    bytes: paper.bytes,
    sheet: paper.node,
    load: (bytes) => { paper.load(bytes); draw(); },
  };
}
