// EmbeddingViewer: points to pan, zoom, hover, choose and lasso, with a legend and true neighbours.
import { frame, listen, replacePicture, write } from "./frame.js";
import { canvas, chooser, element, labelled, onThemeChange } from "./page.js";
import { toTyped } from "./values.js";
import { makeField } from "./field.js";
import { listenToHand } from "./hand.js";
import { makeGallery } from "./gallery.js";
import { legendClick, makeCard, makeLegend, makeTrustScale } from "./legend.js";
import { makeOver } from "./over.js";
import { makeStage } from "./stage.js";
import { makeStrip } from "./strip.js";

const HEIGHT = 470, NARROW = 300, WIDE = 760, BESIDE = 246;
const HINT = "drag to pan · click, then wheel or + − to zoom, 0 for all · click a point for its neighbours, then p and another for a path · Shift-drag to lasso";
const COLOURINGS = [["label", "label"], ["trust", "trust: true neighbours"]];

function refuse(el) {
  const note = element("div", { className: "vk-view" }, element("div", { className: "vk-note", role: "status",
    textContent: "This browser has no WebGL2, so the points cannot be explored here; the picture shows them." }));
  el.append(note);
  return () => note.remove();
}

/** The legend, if there are groups, and the card of the chosen point; `tell` and `show` bring them up to date. */
function makeBeside(model, field, gallery, choose) {
  const sizes = new Array(field.groups.length).fill(0);
  for (const code of field.codes) sizes[code]++;
  const turn = (code, add) => write(model, "hidden", legendClick(model.get("hidden"), code, field.groups.length, add));
  const legend = field.groups.length > 1 ? makeLegend(field.groups, sizes, turn) : null;
  const scale = makeTrustScale();
  const card = makeCard(field.nameOf, choose, gallery, (point) => field.codes[point]);
  const show = () => {
    const chosen = model.get("chosen");
    if (!field.holds(chosen)) { card.hide(); return; }
    card.show(chosen, ...["near", "distances", "drawn", "ranks"].map((trait) => toTyped(model.get(trait)).values));
  };
  const colour = () => {
    scale.node.style.display = field.trust ? "" : "none";
    if (field.trust) scale.tell(field.trust);
    legend?.node.classList.toggle("vk-untinted", Boolean(field.trust));
  };
  const node = element("div", { className: "vk-beside" }, scale.node, ...(legend ? [legend.node] : []), card.node);
  return { node, show, colour, tell: (hidden) => legend?.tell(hidden) };
}

/** The controls above: layout, colours, search, lasso, path, zoom; `tell` brings them up to date. */
function makeControls(model, field, hand, { zoom, all, choose, path }) {
  const search = element("input", { type: "search", placeholder: "label, name, #number", value: model.get("search"), size: 20,
    "aria-label": "search points by label, name or number", oninput: () => write(model, "search", search.value) });
  search.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const { marked } = field;
    if (event.key === "Enter" && marked?.length) choose(marked[(marked.indexOf(model.get("chosen")) + 1) % marked.length]);
  });
  const lasso = element("button", { type: "button", textContent: "lasso", title: "draw around points (or hold Shift and drag)", "aria-pressed": "false",
    onclick: () => { hand.lasso = !hand.lasso; lasso.setAttribute("aria-pressed", String(hand.lasso)); } });
  const button = (text, label, action) => element("button", { type: "button", textContent: text, "aria-label": label, title: label, onclick: action });
  const layouts = chooser(model.get("choices"), model.get("layout_name"), (value) => write(model, "layout_name", value), "layout: what places the points");
  const colours = chooser(COLOURINGS, model.get("colouring"), (value) => write(model, "colouring", value), "colours: the labels, or how far each point's neighbours are true");
  const way = element("button", { type: "button", textContent: "path", title: "from the chosen point to the next one that you choose (p)", onclick: path });
  const nodes = [labelled("layout", layouts), labelled("colour", colours), search, lasso, way,
    element("span", {}, button("−", "zoom out", () => zoom(1 / 1.4)), " ", button("+", "zoom in", () => zoom(1.4)), " ", button("all", "show all points", all))];
  const tell = () => {
    layouts.value = model.get("layout_name");
    colours.value = model.get("colouring");
    way.setAttribute("aria-pressed", String(hand.from >= 0));
    if (search.value !== model.get("search")) search.value = model.get("search");
  };
  return { nodes, tell };
}

function render({ model, el }) {
  const points = element("canvas", { className: "vk-points", tabIndex: 0, role: "application" });
  const gl = points.getContext("webgl2", { antialias: false, alpha: false, preserveDrawingBuffer: true });
  if (!gl) return refuse(el);
  const view = frame(el, model);
  view.root.classList.add("vk-embedding");
  view.root.dataset.lmSuppressShortcuts = "true"; // so that 0, + and Enter are ours, not JupyterLab's
  points.setAttribute("aria-label", "points: arrows pan, plus and minus zoom, 0 shows all, Enter chooses the point in the middle");
  const over = canvas(10, 10, "");
  over.className = "vk-over";
  over.tabIndex = -1;
  over.setAttribute("aria-hidden", "true");
  const axes = [element("div", { className: "vk-axis" }), element("div", { className: "vk-axis vk-upright" })];
  const tip = element("div", { className: "vk-tip", style: { display: "none" } });
  const lost = element("div", { className: "vk-lost", style: { display: "none" },
    textContent: "The browser took this viewer's graphics memory back. It returns by itself when there is room; until then the picture above stands for it." });
  const say = (text) => { view.status.textContent = text || model.get("problem") || model.get("note") || HINT; };

  const field = makeField(model, HEIGHT);
  const gallery = makeGallery(model, field.thumbs);
  const hand = { hovered: -1, path: null, lasso: false, from: -1, changed: () => controls.tell() };
  const stage = makeStage(view.root, gl, makeOver(view.root, over, model, field, hand), model, field);
  const actions = listenToHand(points, tip, model, field, gallery, stage, hand, say);
  const controls = makeControls(model, field, hand, actions);
  const beside = makeBeside(model, field, gallery, actions.choose);
  const strip = makeStrip(gallery, field.nameOf, actions.choose, () => { write(model, "ends", []); points.focus({ preventScroll: true }); });
  view.bar.append(...controls.nodes);
  view.body.append(element("div", { className: "vk-stage" }, points, over, ...axes, tip, lost), beside.node);
  view.body.after(strip.node);

  // What follows the model.
  const nameAxes = () => model.get("axes").forEach((text, i) => { axes[i].textContent = text; });
  const showChosen = () => { beside.show(); stage.request(); };
  const showPath = () => {
    strip.show(toTyped(model.get("route")).values, toTyped(model.get("aside")).values);
    stage.request();
  };
  const colour = () => {
    const trust = toTyped(model.get("trust")).values;
    field.trust = model.get("colouring") === "trust" && trust.length ? trust : null;
    controls.tell();
    beside.colour();
    stage.coloursChanged();
  };
  const hide = () => {
    field.hidden = new Set(model.get("hidden"));
    beside.tell(model.get("hidden"));
    stage.coloursChanged();
  };
  const mark = () => {
    controls.tell();
    const text = model.get("search"), found = field.mark(text, model.get("selection"));
    stage.marksChanged();
    if (found) say(found.length ? `${found.length.toLocaleString("en")} found` : `no label or name has “${text}”`);
    else say(field.marked ? `${field.marked.length.toLocaleString("en")} points in the lasso` : "");
  };
  const move = () => {
    field.read();
    nameAxes();
    controls.tell();
    stage.placesChanged();
    showChosen();
    stage.move();
  };

  // Size, and loss of the graphics memory.
  const fit = (space) => {
    const width = Math.max(NARROW, Math.min(WIDE, Math.floor(space >= NARROW + BESIDE ? space - BESIDE : space)));
    if (width === field.width) return;
    stage.resize(width);
    field.fit(width);
    stage.draw();
  };
  points.addEventListener("webglcontextlost", (event) => {
    if (!view.undo.length) return; // the viewer itself gave it up
    event.preventDefault(); // or the browser would not give it back
    stage.lose();
    lost.style.display = "";
    view.undo[0](); // the stored picture is shown again
  });
  points.addEventListener("webglcontextrestored", () => {
    stage.load();
    lost.style.display = "none";
    view.undo[0] = replacePicture(el);
    stage.request();
  });

  nameAxes();
  fit(view.body.clientWidth || 880);
  stage.load();
  hide();
  mark();
  showChosen();
  showPath();
  colour();
  stage.draw();
  const space = new ResizeObserver(() => { if (view.body.clientWidth) fit(view.body.clientWidth); });
  space.observe(view.root);
  view.undo.push(
    actions.stop, listen(model, "places", move), listen(model, "hidden", hide), listen(model, "chosen near drawn ranks", showChosen), listen(model, "route", showPath), listen(model, "colouring trust", colour),
    listen(model, "selection search", mark), listen(model, "note", () => say("")), listen(model, "layout_name", controls.tell),
    listen(model, "pictures", stage.request), onThemeChange(stage.coloursChanged),
    () => { space.disconnect(); stage.close(); gallery.stop(); },
  );
  return view.cleanup;
}

export default { render };
