// LiveViewer: something is held up to a network, and its maps, one unit and the classes follow.
import { frame, listen, write } from "./frame.js";
import { cellAt, choosing, fitGrid, reveal } from "./grid.js";
import { bitmap, canvas, chooser, element, labelled, onThemeChange, pointer, resize, showScale, soon, themeColour } from "./page.js";
import { number, palette, toTyped } from "./values.js";
import { connect } from "./messages.js";
import { makePaper } from "./paper.js";
import { inCell, valueAt } from "./maps.js";
import { activeShare, columnsFor, meaning, paintLevels, paletteWords, valueOf } from "./levels.js";
import { patternPanel } from "./pattern.js";
import { uploadPanel } from "./upload.js";
import { cameraPanel, squareBytes } from "./camera.js";
import { atAngle, axisOf, drawLine, makeHistory, turnedWords } from "./response.js";
import { classBars, drawFitted, exhibit, pictureOf } from "./beside.js";

const STAGE = 200, SMALL = 112, WIDE = 520, CURVE = 104;
const NAMES = { photo: "photograph", upload: "upload", draw: "draw", pattern: "pattern", camera: "camera" };

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-live");
  const say = (text) => { view.status.textContent = text; };
  const scratch = element("canvas");

  // How fast: frames answered in the last second, and how long each took until it was drawn.
  const drawn = [];
  let waiting = [];
  const python = connect(model, view.status, () => camera.lost(), (sentAt) => { waiting.push(sentAt); drawLater(); });
  const clock = () => {
    const now = performance.now();
    for (const sentAt of waiting.splice(0)) drawn.push([now, now - sentAt]);
    while (drawn.length && now - drawn[0][0] > 1000) drawn.shift();
    if (!drawn.length) return;
    const took = drawn.map((d) => d[1]).sort((a, b) => a - b)[drawn.length >> 1];
    Object.assign(view.root.dataset, { frames: Number(view.root.dataset.frames || 0) + 1, latency: took.toFixed(1) });
    if (camera.on()) camera.rate(`${drawn.length} frames/s, ${Math.round(took)} ms from frame to maps`);
  };

  // Left: the sources.
  const sources = model.get("sources");
  const choose = (name) => { if (name !== model.get("source")) write(model, "source", name); };
  const tabs = sources.map((name) => element("button", { textContent: NAMES[name], onclick: () => choose(name) }));
  const given = canvas(STAGE, STAGE, "what is held up");
  given.tabIndex = -1;
  const thumbs = element("div", { className: "vk-thumbs", role: "group", "aria-label": "photographs" });
  const upload = uploadPanel(view.root, (bytes, name) => {
    choose("upload");
    python.offer(() => ({ content: { kind: "file", name }, bytes }));
  }, say);
  let ink = "#d62728", brush = 10;
  const paper = makePaper(() => brush, () => sendDrawing(), say, () => ink, STAGE);
  const sendDrawing = () => python.offer(() => ({ content: { kind: "frame", source: "draw" },
    bytes: squareBytes(scratch, paper.sheet, paper.sheet.width, paper.sheet.height, model.get("side"), false, "#fff") }));
  const well = element("input", { type: "color", value: ink, "aria-label": "colour of the brush", oninput: () => { ink = well.value; } });
  const width = element("input", { type: "range", min: 3, max: 40, value: brush, "aria-label": "width of the brush",
    oninput: () => { brush = Number(width.value); paper.draw(); } });
  const drawPanel = element("div", { className: "vk-side" }, paper.node, element("div", { className: "vk-bar" }, well, width,
    element("button", { textContent: "undo", onclick: paper.undo }), element("button", { textContent: "clear", onclick: paper.clear })));
  const pattern = patternPanel((settings) => python.offer(() => ({ content: { kind: "pattern", settings } })));
  const camera = cameraPanel(model, STAGE, () => python.offer(() => ({ content: { kind: "frame", source: "camera" },
    bytes: camera.grab(scratch, model.get("side")) })), () => choose("upload"));
  const panels = { photo: [given, thumbs], upload: [given, upload.node], pattern: [given, pattern.node], draw: [drawPanel], camera: [camera.node] };
  const left = element("div", { className: "vk-side vk-left" }, ...new Set(Object.values(panels).flat()));
  view.bar.append(element("div", { className: "vk-tabs", role: "group", "aria-label": "what is held up" }, ...tabs));

  // Right: what came of it.
  const sees = exhibit("what the network sees"), one = exhibit("the chosen map, enlarged"), bars = classBars();
  const sheet = canvas(10, 10, "activation maps: arrow keys choose one, Escape none");
  const scroll = element("div", { className: "vk-scroll" }, sheet);
  const legend = element("div", { className: "vk-bar vk-legend" });
  const curve = canvas(WIDE, CURVE, "the response of the chosen unit");
  curve.tabIndex = -1;
  const curveHeading = element("div", { className: "vk-heading" }), curveNote = element("span", { className: "vk-note" });
  const curveSide = element("div", { className: "vk-curve" }, element("div", { className: "vk-bar" }, curveHeading, curveNote), curve);
  const right = element("div", { className: "vk-side vk-right" }, element("div", { className: "vk-exhibits" }, sees.node, one.node, bars.node),
    scroll, legend, curveSide);
  view.body.append(left, right);

  let levels, shape, limits, kind, most, atlas, columns, grid, box;
  const history = makeHistory(), twoSided = paletteWords(palette(true)), oneSided = paletteWords(palette(false));
  const unit = () => { const k = model.get("selected"); return k >= 0 && k < shape[0] ? k : Math.min(model.get("leading"), shape[0] - 1); };
  const title = (k) => model.get("titles")[k] || `${model.get("shown")}[${k}]`;
  const area = () => shape[1] * shape[2];
  const placeOf = (k) => [(k % columns) * shape[2], Math.floor(k / columns) * shape[1], shape[2], shape[1]];
  const load = () => {
    ({ shape, values: levels } = toTyped(model.get("levels")));
    limits = toTyped(model.get("limits")).values;
    kind = meaning(levels);
    most = Math.max(...limits);
    columns = columnsFor(...shape);
    grid = fitGrid(shape[0], WIDE, 236, 2, 112, 16);
    box = inCell(grid.cell, shape[2], shape[1]);
  };
  const paint = () => {
    const { pixels, width: w, height: h } = paintLevels(levels, limits, shape[1], shape[2], columns, most, model.get("threshold") * most, kind.signed ? twoSided : oneSided);
    atlas = bitmap(pixels, w, h);
  };
  const drawSheet = () => {
    const cell = grid.cell + grid.gap;
    const context = resize(sheet, grid.columns * cell, grid.rows * cell);
    context.imageSmoothingEnabled = shape[2] > box.width;
    for (let k = 0; k < shape[0]; k++) {
      const x = (k % grid.columns) * cell + 1, y = Math.floor(k / grid.columns) * cell + 1;
      context.drawImage(atlas, ...placeOf(k), x + box.x, y + box.y, box.width - 1, box.height - 1);
      if (k !== unit()) continue;
      context.strokeStyle = themeColour(sheet, "accent");
      context.lineWidth = 3;
      if (k !== model.get("selected")) context.setLineDash([4, 3]);
      context.strokeRect(x + box.x, y + box.y, box.width - 1, box.height - 1);
      context.setLineDash([]);
    }
  };
  const drawBeside = () => {
    const seen = model.get("seen"), k = unit();
    sees.node.style.display = seen ? "" : "none";
    if (seen) {
      const picture = pictureOf(toTyped(seen));
      sees.heading.textContent = "what it sees";
      sees.note.textContent = `${picture.width}×${picture.height} pixels`;
      drawFitted(sees.canvas, picture, SMALL);
    }
    one.heading.textContent = title(k);
    drawFitted(one.canvas, atlas, SMALL, placeOf(k));
    one.note.replaceChildren("largest ", element("b", { textContent: number(toTyped(model.get("responses")).values[k]).replace("-", "−") }), element("br"),
      `${Math.round(100 * activeShare(levels, k * area(), area(), limits[k], kind, model.get("threshold") * most))} % not zero`);
    bars.draw(model.get("classes"), toTyped(model.get("shares")).values);
  };
  const drawCurve = () => {
    const k = unit(), turned = model.get("source") === "pattern" && model.get("turned");
    curveSide.style.display = ["photo", "upload"].includes(model.get("source")) ? "none" : ""; // no series there
    curveHeading.textContent = `response of ${title(k)}`;
    if (turned) {
      const { shape: [count, units], values } = toTyped(turned), angles = toTyped(model.get("angles")).values;
      const own = Array.from(angles, (_, i) => values[i * units + k]), end = angles[count - 1];
      const angle = model.get("settings").angle, now = toTyped(model.get("responses")).values[k];
      const [low, high] = axisOf([...own, now]);
      const wrap = (a) => (a > end ? a - end : a);
      drawLine(curve, WIDE, CURVE, own, Array.from(angles, (a) => a / end), { low, high, left: "0°", right: `${end}°`,
        mark: [wrap(angle) / end, now], beyond: wrap(angle + 90) / end, beyondText: "turned by 90°" });
      curveNote.textContent = turnedWords(angle, now, atAngle(angles, own, angle + 90));
      return;
    }
    const series = history.series(k), [low, high] = axisOf(series);
    const start = 100 - series.length;
    drawLine(curve, WIDE, CURVE, series, series.map((_, i) => (start + i) / 99), { low, high, left: "100 frames ago", right: "now",
      mark: [1, series[series.length - 1]] });
    curveNote.textContent = "the largest value of its map, frame by frame";
  };
  const drawStage = () => {
    const now = model.get("source");
    tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(sources[i] === now)));
    for (const node of left.children) node.style.display = panels[now].includes(node) ? "" : "none";
    if (panels[now].includes(given)) drawFitted(given, pictureOf(toTyped(model.get("given"))), STAGE);
  };
  let fresh = true; // new maps have come
  const draw = () => {
    if (fresh) { load(); paint(); }
    fresh = false;
    drawStage();
    drawSheet();
    drawBeside();
    drawCurve();
    clock();
  };
  const drawLater = soon(draw);
  const arrived = () => { fresh = true; drawLater(); };
  const responded = () => history.add(toTyped(model.get("responses")).values);
  const recolour = () => { paint(); showScale(legend, most, kind.signed); drawSheet(); drawBeside(); };

  // The value under the pointer; a click or a key chooses a map.
  const under = (k, place) => say(place
    ? `${title(k)}, row ${place.row}, column ${place.column}: ${number(valueOf(levels[k * area() + place.row * shape[2] + place.column], limits[k], kind))}`
    : model.get("problem"));
  sheet.addEventListener("pointermove", (event) => {
    const [x, y] = pointer(event, sheet), cell = grid.cell + grid.gap, k = cellAt(x, y, grid, shape[0]);
    under(k, k < 0 ? null : valueAt((x % cell) - 1, (y % cell) - 1, box, shape[2], shape[1]));
  });
  sheet.addEventListener("pointerleave", () => under(-1, null));
  sheet.addEventListener("click", (event) => {
    const k = cellAt(...pointer(event, sheet), grid, shape[0]);
    if (k >= 0) write(model, "selected", k === model.get("selected") ? -1 : k);
  });
  const chosen = () => {
    reveal(scroll, model.get("selected"), grid);
    drawLater();
  };

  // The bar: layer and threshold.
  const names = model.get("names");
  const layer = chooser(names.map((name) => [name, name]), model.get("layer"), (name) => write(model, "layer", name), "layer whose maps are shown");
  if (names.length > 1) view.bar.append(labelled("layer", layer));
  const near = element("input", { type: "range", min: 0, max: 50, "aria-label": "share of the scale below which a value is drawn as zero",
    oninput: () => write(model, "threshold", Number(near.value) / 100) });
  const nearText = element("span", { className: "vk-number" });
  view.bar.append(labelled("hide below", near), nearText);
  const tellBar = () => {
    layer.value = model.get("layer");
    near.value = Math.round(100 * model.get("threshold"));
    nearText.textContent = `${near.value} %`;
    near.setAttribute("aria-valuetext", nearText.textContent);
  };
  const tellScale = () => { if (!fresh) showScale(legend, most, kind.signed); };
  const scaleLater = soon(() => { if (fresh) { load(); paint(); fresh = false; drawLater(); } tellScale(); });
  const tellThumbs = () => {
    const all = toTyped(model.get("thumbs"));
    const size = 48 * 48 * 3;
    thumbs.replaceChildren(...Array.from({ length: all.shape[0] }, (_, k) => {
      const picture = pictureOf({ shape: [48, 48, 3], values: all.values.subarray(k * size, (k + 1) * size) });
      return element("button", { "aria-label": `photograph ${k + 1}`, "aria-pressed": String(k === model.get("photo")),
        onclick: () => write(model, "photo", k) }, picture);
    }));
  };
  const tellPhoto = () => Array.from(thumbs.children, (node, k) => node.setAttribute("aria-pressed", String(k === model.get("photo"))));
  const sourced = () => {
    history.clear();
    say(model.get("problem"));
    if (model.get("source") !== "camera") camera.stop();
    drawLater();
  };
  const tellSettings = () => { if (!pattern.node.contains(pattern.node.getRootNode().activeElement)) pattern.show(model.get("settings")); drawLater(); };

  view.undo.push(choosing(sheet, model, () => ({ columns: grid.columns, count: shape[0] })), paper.stop, upload.close, camera.close, python.close,
    drawLater.cancel, scaleLater.cancel, listen(model, "levels", () => { arrived(); scaleLater(); }), listen(model, "responses", responded),
    listen(model, "given seen turned leading", drawLater), listen(model, "selected", chosen), listen(model, "layer threshold", tellBar),
    listen(model, "threshold", recolour), listen(model, "layer source", () => history.clear()), listen(model, "source", sourced),
    listen(model, "settings", tellSettings), listen(model, "photo", tellPhoto), listen(model, "mirror", camera.tell),
    listen(model, "shown", drawLater), onThemeChange(() => { paper.draw(); drawLater(); }));
  pattern.show(model.get("settings"));
  tellBar();
  tellThumbs();
  responded();
  draw();
  tellScale();
  return view.cleanup;
}

export default { render };
