// DreamViewer: small pictures of dreams; one of them large, with its control and its score's curve.
import { frame, listen, write } from "./frame.js";
import { cellAt, choosing, fitGrid, reveal } from "./grid.js";
import { bitmap, canvas, chooser, element, labelled, onThemeChange, pointer, resize, themeColour } from "./page.js";
import { number, toTyped } from "./values.js";

const LARGE = 200;

/** RGBA bytes of picture k of (n, y, x, 3) bytes. */
export function picturePixels(values, shape, k) {
  const area = shape[1] * shape[2];
  const pixels = new Uint8ClampedArray(area * 4).fill(255);
  for (let i = 0; i < area; i++) for (let c = 0; c < 3; c++) pixels[4 * i + c] = values[(k * area + i) * 3 + c];
  return pixels;
}

/** The scores of picture k along the steps, from (steps, n) numbers. */
export function curveOf(values, shape, k) {
  return Array.from({ length: shape[0] }, (_, step) => values[step * shape[1] + k]);
}

/** Points [x, y] of a curve in a box of pixels; the highest score at its top. */
export function curvePoints(scores, width, height) {
  const low = Math.min(...scores), high = Math.max(...scores), last = Math.max(1, scores.length - 1);
  return scores.map((score, step) => [(step / last) * width, height * (1 - (score - low) / (high - low || 1))]);
}

function pictures(wire) {
  const { shape, values } = toTyped(wire);
  return Array.from({ length: shape[0] }, (_, k) => bitmap(picturePixels(values, shape, k), shape[2], shape[1]));
}

function drawSheet(node, shown, grid, selected) {
  const size = grid.cell + grid.gap;
  const context = resize(node, grid.columns * size, grid.rows * size);
  context.imageSmoothingEnabled = true;
  shown.forEach((picture, k) => {
    const x = (k % grid.columns) * size, y = Math.floor(k / grid.columns) * size;
    const fit = (grid.cell - 2) / Math.max(picture.width, picture.height);
    context.drawImage(picture, x + 1, y + 1, picture.width * fit, picture.height * fit);
    if (k !== selected) return;
    context.strokeStyle = themeColour(node, "accent");
    context.lineWidth = 3;
    context.strokeRect(x + 1, y + 1, grid.cell - 1, grid.cell - 1);
  });
}

function drawLarge(node, picture) {
  const fit = LARGE / Math.max(picture.width, picture.height);
  const context = resize(node, picture.width * fit, picture.height * fit);
  context.imageSmoothingEnabled = true;
  context.drawImage(picture, 0, 0, picture.width * fit, picture.height * fit);
}

function drawCurve(node, scores) {
  const width = 240, height = 80, left = 44;
  const context = resize(node, width, height + 22);
  const ink = themeColour(node, "ink");
  context.font = "11px sans-serif";
  context.fillStyle = ink;
  context.strokeStyle = themeColour(node, "faint-edge");
  context.strokeRect(left, 4, width - left - 4, height - 4);
  if (!scores.length) return;
  context.textAlign = "right";
  context.fillText(number(Math.max(...scores)), left - 4, 12);
  context.fillText(number(Math.min(...scores)), left - 4, height);
  context.fillText(`step ${scores.length}`, width - 4, height + 14);
  context.textAlign = "left";
  context.fillText("score, wobbled", left, height + 14);
  context.strokeStyle = themeColour(node, "accent");
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [x, y] of curvePoints(scores, width - left - 4, height - 8)) context.lineTo(left + x, 6 + y);
  context.stroke();
}

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-dreams");
  const sheet = canvas(10, 10, "dreams: arrow keys choose one, Escape none");
  const scroll = element("div", { className: "vk-scroll" }, sheet);
  const heading = element("div", { className: "vk-heading" });
  const [large, beside, curve] = ["the chosen dream, enlarged", "what the untrained network dreams of", "its score at each step"]
    .map((label) => { const node = canvas(10, 10, label); node.tabIndex = -1; return node; });
  const words = element("div", { className: "vk-note" }), ours = element("div", { className: "vk-note" });
  const control = element("div", {}, beside, words);
  const side = element("div", { className: "vk-side" }, heading,
    element("div", { className: "vk-pair" }, element("div", {}, large, ours), control), curve);
  const remarks = element("div", { className: "vk-note", textContent: model.get("notes").join("; ") });
  view.body.append(element("div", { className: "vk-side" }, scroll, remarks), side);
  let trained, untrained, grid, kind = "dreams";

  const score = (k, of) => number(toTyped(model.get(of)).values[k]);
  const titled = (k) => model.get("titles")[k] + (model.get("together") > 1 ? `, seed ${model.get("seeds")[k]}` : "");
  const say = (k) => {
    const own = kind === "dreams" ? `score ${score(k, "scores")}, noise ${score(k, "start")}` : `untrained: score ${score(k, "control_scores")}`;
    view.status.textContent = `${titled(k)}: ${own}`;
  };
  const drawSelected = () => {
    const selected = model.get("selected"), there = Boolean(trained[selected]);
    drawSheet(sheet, kind === "dreams" ? trained : untrained, grid, selected);
    side.style.display = there ? "" : "none";
    if (!there) return;
    heading.textContent = titled(selected);
    drawLarge(large, trained[selected]);
    ours.textContent = `score ${score(selected, "scores")}, noise ${score(selected, "start")}`;
    control.style.display = untrained.length ? "" : "none";
    if (untrained.length) {
      drawLarge(beside, untrained[selected]);
      words.textContent = `untrained: score ${score(selected, "control_scores")}`;
    }
    const { shape, values } = toTyped(model.get("history"));
    drawCurve(curve, curveOf(values, shape, selected));
  };
  const choose = () => {
    const selected = model.get("selected");
    drawSelected();
    reveal(scroll, selected, grid);
    if (trained[selected]) say(selected);
    else view.status.textContent = model.get("problem");
  };
  const draw = () => {
    trained = pictures(model.get("images"));
    untrained = model.get("control") ? pictures(model.get("control")) : [];
    grid = fitGrid(trained.length, 560, 420, 4, 110, 40);
    const together = model.get("together");
    if (together > 1) {
      const columns = Math.max(together, Math.floor(grid.columns / together) * together);
      grid = { ...grid, columns, rows: Math.ceil(trained.length / columns) };
    }
    drawSelected();
  };

  sheet.addEventListener("pointermove", (event) => {
    const k = cellAt(...pointer(event, sheet), grid, trained.length);
    if (k >= 0) say(k);
    else view.status.textContent = "";
  });
  sheet.addEventListener("click", (event) => {
    const k = cellAt(...pointer(event, sheet), grid, trained.length);
    write(model, "selected", k === model.get("selected") ? -1 : k);
  });
  if (model.get("control")) {
    const show = chooser([["dreams", "dreams"], ["control", "untrained network's"]], kind, (value) => { kind = value; drawSelected(); }, "whose dreams");
    view.bar.append(labelled("show", show));
  }
  view.undo.push(choosing(sheet, model, () => ({ columns: grid.columns, count: trained.length })),
    listen(model, "images control scores", draw), listen(model, "selected", choose), onThemeChange(drawSelected));
  draw();
  return view.cleanup;
}

export default { render };
