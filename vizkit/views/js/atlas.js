// AtlasViewer: a map of dreams to pan, zoom, hover and choose from; finer grids appear as one comes nearer.
import { frame, listen, write } from "./frame.js";
import { keyed } from "./keys.js";
import { canvas, chooser, element, labelled, onThemeChange, pointer } from "./page.js";
import { makeGround, makePainter } from "./ground.js";
import { makePlate, makeTip, wordsOfCell } from "./plate.js";
import { gridHolding, stepTo } from "./tiles.js";

const TALL = 560, SLIM = 300, BROAD = 680, PLATE = 236;
const HELP = "drag to pan · click, then wheel or + − to zoom, 0 for all · arrows move from cell to cell, Enter or a click chooses one";

/** The mouse, a pen, fingers and keys over the map; returns what stops the keys. */
function listenOn(node, model, ground, painter, tip, say, choose) {
  const down = new Map(); // pointer: where it is; two of them pinch
  let travelled = 0;
  const hover = (cell, x = 0, y = 0) => {
    tip.show(cell, x, y);
    if (cell === ground.hovered) return;
    ground.hovered = cell;
    say(cell < 0 ? "" : wordsOfCell(ground, cell));
    painter.request();
  };
  const zoom = (factor, x, y) => { ground.zoom(factor, x, y); hover(-1); painter.request(); };
  const pan = (dx, dy) => { ground.pan(dx, dy); painter.request(); };
  const all = () => { ground.fit(); hover(-1); painter.request(); };
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    down.set(event.pointerId, pointer(event, node));
    travelled = 0;
  });
  node.addEventListener("pointermove", (event) => {
    const [x, y] = pointer(event, node), last = down.get(event.pointerId);
    if (!last) { hover(ground.under(x, y), x, y); return; }
    travelled += Math.hypot(x - last[0], y - last[1]);
    if (down.size === 2) {
      const other = [...down.entries()].find(([id]) => id !== event.pointerId)[1];
      const apart = (p) => Math.max(20, Math.hypot(p[0] - other[0], p[1] - other[1]));
      zoom(apart([x, y]) / apart(last), (x + other[0]) / 2, (y + other[1]) / 2);
    } else if (travelled > 3) { hover(-1); pan(x - last[0], y - last[1]); node.style.cursor = "grabbing"; }
    down.set(event.pointerId, [x, y]);
  });
  const release = (event) => {
    if (!down.delete(event.pointerId)) return;
    node.style.cursor = "";
    if (travelled <= 3 && event.type === "pointerup") choose(ground.under(...pointer(event, node)));
  };
  node.addEventListener("pointerup", release);
  node.addEventListener("pointercancel", release);
  node.addEventListener("pointerleave", () => hover(-1));
  node.addEventListener("dblclick", (event) => zoom(2, ...pointer(event, node)));
  node.addEventListener("wheel", (event) => {
    // The page scrolls past a viewer that is not in use.
    if (document.activeElement !== node && !event.ctrlKey) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 30 : 1;
    zoom(Math.exp(-Math.max(-300, Math.min(300, event.deltaY * lines)) * 0.0022), ...pointer(event, node));
  }, { passive: false });
  const walk = (dx, dy) => {
    const grid = ground.grid(), here = [ground.hovered, model.get("chosen")].find((cell) => cell >= grid.first && cell < grid.first + grid.count);
    const next = here === undefined ? ground.central() : stepTo(grid, ground.numbers, here, dx, dy);
    ground.reveal(next);
    hover(next, ...ground.screenOf(next));
  };
  const strokes = {
    ArrowLeft: () => walk(-1, 0), ArrowRight: () => walk(1, 0), ArrowUp: () => walk(0, 1), ArrowDown: () => walk(0, -1),
    "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), 0: all,
    Enter: () => choose(ground.hovered >= 0 ? ground.hovered : ground.central()),
    Escape: () => (model.get("search") ? write(model, "search", "") : choose(-1)),
  };
  const stop = keyed(node, (event) => {
    if (!strokes[event.key] || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    strokes[event.key]();
    return true;
  });
  return { stop, zoom, all };
}

/** The controls above: class, detail, zoom; `tell` brings them up to date. */
function makeControls(model, ground, { zoom, all }) {
  const search = element("input", { type: "search", placeholder: "class", value: model.get("search"), size: 16,
    "aria-label": "show only cells of a class", oninput: () => write(model, "search", search.value) });
  search.addEventListener("keydown", (event) => event.stopPropagation());
  const options = [["-1", "as near as one is"], ...ground.grids.map(({ side, count }, level) => [String(level), `${side}×${side} (${count.toLocaleString("en")} cells)`])];
  const detail = chooser(options, String(model.get("detail")), (value) => write(model, "detail", Number(value)), "detail: which grid is shown");
  const button = (text, label, action) => element("button", { type: "button", textContent: text, "aria-label": label, title: label, onclick: action });
  const nodes = [search, labelled("detail", detail),
    element("span", {}, button("−", "zoom out", () => zoom(1 / 1.4)), " ", button("+", "zoom in", () => zoom(1.4)), " ", button("all", "show the whole map", all))];
  const tell = () => {
    if (search.value !== model.get("search")) search.value = model.get("search");
    detail.value = String(model.get("detail"));
  };
  return { nodes, tell };
}

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-atlas");
  view.root.dataset.lmSuppressShortcuts = "true"; // so that 0, + and Enter are ours, not JupyterLab's
  const node = canvas(10, 10, "map of the layer: arrows move from cell to cell, Enter chooses, plus and minus zoom, 0 shows all");
  node.classList.add("vk-map");
  const ground = makeGround(model, TALL);
  const painter = makePainter(view.root, node, model, ground);
  const say = (text) => { view.status.textContent = text || model.get("problem") || HELP; };
  const choose = (cell) => write(model, "chosen", cell);
  const plate = makePlate(model, ground, painter, choose);
  const tip = makeTip(ground, painter);
  const actions = listenOn(node, model, ground, painter, tip, say, choose);
  const controls = makeControls(model, ground, actions);
  view.bar.append(...controls.nodes);
  view.body.append(element("div", { className: "vk-stage" }, node, tip.node), plate.node);

  const showChosen = () => {
    const chosen = model.get("chosen");
    plate.show();
    if (chosen >= 0 && gridHolding(ground.grids, chosen) === ground.level()) ground.reveal(chosen);
    painter.request();
  };
  const search = () => {
    controls.tell();
    ground.mark(model.get("search"));
    const grid = ground.grid(), found = ground.marked && [...ground.marked].filter((cell) => cell >= grid.first && cell < grid.first + grid.count).length;
    say(ground.marked ? (found ? `${found} of ${grid.count} cells have “${model.get("search")}” among their strongest classes` : `no cell here has “${model.get("search")}”`) : "");
    painter.request();
  };
  const fit = (space) => {
    const width = Math.max(SLIM, Math.min(BROAD, Math.floor(space >= SLIM + PLATE ? space - PLATE : space)));
    if (width === ground.width) return;
    ground.fit(width);
    painter.draw();
  };
  painter.sheets.onready = plate.show;
  fit(view.body.clientWidth || 880);
  search();
  showChosen();
  const space = new ResizeObserver(() => { if (view.body.clientWidth) fit(view.body.clientWidth); });
  space.observe(view.root);
  view.undo.push(
    actions.stop, listen(model, "chosen", showChosen), listen(model, "search", search),
    listen(model, "detail", () => { controls.tell(); ground.hovered = -1; painter.request(); }), onThemeChange(painter.request),
    () => { space.disconnect(); painter.close(); },
  );
  return view.cleanup;
}

export default { render };
