// ScrubViewer: the texts of one checkpoint, a slider through all of them, scores as curves.
import { frame, listen, write } from "./frame.js";
import { makeMoments } from "./moments.js";
import { canvas, element, onThemeChange, pointer, resize, soon, themeColour } from "./page.js";
import { number, toTyped } from "./values.js";

const WIDE = 190, HIGH = 46, RIM = 6;

/** Points [x, y] of a row of scores in a box; what is no number has none. */
export function curveOf(row, width, height, rim) {
  const good = Array.from(row).filter(Number.isFinite), low = Math.min(...good), span = Math.max(...good) - low || 1;
  return Array.from(row, (value, k) => (Number.isFinite(value)
    ? [rim + (row.length > 1 ? k / (row.length - 1) : 0.5) * (width - 2 * rim), height - rim - ((value - low) / span) * (height - 2 * rim)] : null));
}

/** The checkpoint that a place along the curve belongs to. */
export function momentAt(x, count, width, rim) {
  return Math.min(count - 1, Math.max(0, Math.round(((x - rim) / (width - 2 * rim)) * (count - 1))));
}

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-scrub");
  const texts = model.get("texts"), prompts = model.get("prompts"), names = model.get("names"), count = texts.length;
  const scores = toTyped(model.get("scores")).values;
  const moments = makeMoments(model, model.get("noun"));
  view.bar.append(moments.node);

  const bodies = prompts.map(() => element("span", {}));
  const writings = element("div", { className: "vk-writings", role: "group", "aria-label": `what it writes at this ${model.get("noun")}` },
    ...prompts.map((prompt, k) => element("p", {}, element("b", { textContent: prompt }), bodies[k])));
  const curves = names.map((name, n) => {
    const sheet = canvas(WIDE, HIGH, `${name} over the ${model.get("noun")}s`), sum = element("span", { className: "vk-sum" });
    sheet.tabIndex = -1; // the slider does with keys what a click does here
    sheet.addEventListener("click", (event) => write(model, "moment", momentAt(pointer(event, sheet)[0], count, WIDE, RIM)));
    return { name, sheet, sum, row: scores.subarray(n * count, (n + 1) * count), node: element("div", { className: "vk-score" }, element("span", { className: "vk-note", textContent: name }), sheet, sum) };
  });

  const drawCurve = ({ sheet, sum, row }, moment) => {
    const context = resize(sheet, WIDE, HIGH), points = curveOf(row, WIDE, HIGH, RIM);
    context.strokeStyle = themeColour(sheet, "accent");
    context.lineWidth = 1.6;
    context.beginPath();
    let drawing = false;
    for (const point of points) {
      if (point) context[drawing ? "lineTo" : "moveTo"](...point);
      drawing = point !== null;
    }
    context.stroke();
    sum.textContent = number(row[moment]);
    if (!points[moment]) return;
    context.fillStyle = "#e8590c";
    context.beginPath();
    context.arc(...points[moment], 4, 0, 2 * Math.PI);
    context.fill();
  };
  const draw = () => {
    const moment = model.get("moment");
    bodies.forEach((body, k) => { body.textContent = texts[moment][k]; });
    for (const curve of curves) drawCurve(curve, moment);
    view.status.textContent = model.get("problem") || model.get("steps")[moment];
  };
  const later = soon(draw);
  view.body.append(writings, element("div", { className: "vk-side" }, ...curves.map((curve) => curve.node)));
  view.undo.push(moments.stop, later.cancel, listen(model, "moment problem", later), onThemeChange(draw));
  moments.show(count);
  draw();
  return view.cleanup;
}

export default { render };
