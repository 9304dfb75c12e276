// ActivationViewer: the maps of one layer as small pictures; one of them large; the image beside.
import { frame, listen, write } from "./frame.js";
import { cellAt, choosing, fitGrid, reveal, step } from "./grid.js";
import { bitmap, canvas, chooser, element, labelled, onThemeChange, pointer, resize, showScale, soon, themeColour } from "./page.js";
import { largest, number, palette, toTyped } from "./values.js";
import { keyed } from "./keys.js";
import { accountPanel } from "./account.js";
import { boxWords, drawTitle, inCell, inputImage, isSigned, mapPixels, seenBox, silent, summarise, valueAt } from "./maps.js";

const LARGE = 230, ROOM_FOR_TITLES = 56;

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-activations");
  const sheet = canvas(10, 10, "activation maps: arrow keys choose one, Escape none");
  const large = canvas(10, 10, "the chosen map, enlarged: arrow keys walk over its values, a click holds one, Escape lets go");
  const heading = element("div", { className: "vk-heading" });
  const facts = element("div", { className: "vk-note" });
  const chosen = element("div", { className: "vk-side" }, heading, large, facts);
  const legend = element("div", { className: "vk-bar vk-legend" });
  const note = element("div", { className: "vk-note" });
  const beside = element("div", {});
  let input;
  const loadImage = () => {
    input = inputImage(model.get("image"));
    beside.replaceChildren(...(input.node ? [input.node] : []));
  };
  loadImage();
  const scroll = element("div", { className: "vk-scroll" }, sheet);
  const middle = element("div", { className: "vk-side" }, scroll, legend, note);
  const left = element("div", { className: "vk-side", style: { width: `${LARGE}px`, gap: "10px" } }, beside, chosen);
  const account = accountPanel(model, (k) => title(k));
  view.body.append(left, middle, account.node);

  let place = null, held = false; // the value pointed at, {k, row, column}; whether a click holds it
  let shape, values, signed, most, limits, pictures, grid, box, largeBox;
  const area = () => shape[1] * shape[2];
  const limitOf = (k) => (model.get("shared_scale") ? most : limits[k]);
  const nearOf = (k) => model.get("threshold") * limitOf(k);
  const title = (k) => model.get("titles")[k] || `map ${k}`;

  const drawSheet = () => {
    const cellStep = grid.cell + grid.gap;
    const context = resize(sheet, grid.columns * cellStep, grid.rows * cellStep);
    context.imageSmoothingEnabled = shape[2] > box.width;
    context.imageSmoothingQuality = "high";
    const selected = model.get("selected");
    pictures.forEach((map, k) => {
      const x = (k % grid.columns) * cellStep + 1, y = Math.floor(k / grid.columns) * cellStep + 1;
      context.drawImage(map, x + box.x, y + box.y, box.width - 1, box.height - 1);
      if (model.get("titles")[k] && grid.cell >= ROOM_FOR_TITLES) drawTitle(context, title(k), x + box.x, y + box.y, box.width - 1);
      if (k !== selected) return;
      context.strokeStyle = themeColour(sheet, "accent");
      context.lineWidth = 3;
      context.strokeRect(x + box.x, y + box.y, box.width - 1, box.height - 1);
    });
  };
  const drawLarge = () => {
    const k = model.get("selected");
    large.style.display = pictures[k] ? "" : "none";
    heading.textContent = pictures[k] ? title(k) : "";
    facts.textContent = pictures[k] ? "" : "Click a map to see it large.";
    if (!pictures[k]) return;
    const context = resize(large, largeBox.width, largeBox.height);
    context.imageSmoothingEnabled = shape[2] > largeBox.width;
    context.drawImage(pictures[k], 0, 0, largeBox.width, largeBox.height);
    if (place?.k === k) {
      const [w, h] = [largeBox.width / shape[2], largeBox.height / shape[1]];
      for (const [ink, line] of [["#000", 3], ["#fff", 1.5]]) {
        context.strokeStyle = ink;
        context.lineWidth = line;
        context.strokeRect(place.column * w, place.row * h, w, h);
      }
    }
    const { low, high, active } = summarise(values.subarray(k * area(), (k + 1) * area()), nearOf(k));
    const range = low <= high ? `${number(low)} to ${number(high)}` : "no finite value";
    facts.textContent = `${range} · ${Math.round((100 * active) / area())} % not zero`;
  };
  const drawSelected = () => { drawSheet(); drawLarge(); };
  const choose = () => {
    const k = model.get("selected");
    if (held && place?.k !== k) forget();
    drawSelected();
    reveal(scroll, k, grid);
    view.status.textContent = pictures[k] ? `${title(k)}: ${facts.textContent}` : model.get("problem");
  };
  const recolour = () => {
    const table = palette(signed);
    pictures = limits.map((_, k) => bitmap(mapPixels(values, k * area(), area(), limitOf(k), signed, nearOf(k), table), shape[2], shape[1]));
    showScale(legend, model.get("shared_scale") ? most : null, signed);
    const quiet = silent(values, shape[0], area(), nearOf);
    note.textContent = quiet ? `${quiet} of ${shape[0]} maps ${quiet === 1 ? "is" : "are"} zero everywhere` : "";
    drawSelected();
  };
  const load = () => {
    ({ shape, values } = toTyped(model.get("maps")));
    signed = isSigned(values);
    most = largest(values);
    limits = Array.from({ length: shape[0] }, (_, k) => largest(values.subarray(k * area(), (k + 1) * area())));
    grid = fitGrid(shape[0], 560, 400, 2, 112, 20);
    box = inCell(grid.cell, shape[2], shape[1]);
    largeBox = inCell(LARGE, shape[2], shape[1]);
    forget();
    account.close();
    recolour();
    if (view.status.textContent) choose(); // what it says is of other maps
  };

  // A value pointed at: what it sees of the image at once, its arithmetic when Python has answered.
  const forget = () => { place = null; held = false; input.mark(null); account.point(null); };
  const say = (k, at) => {
    if (!at) {
      forget();
      view.status.textContent = model.get("problem");
    } else if (at.row !== place?.row || at.column !== place?.column || k !== place?.k) {
      place = { k, row: at.row, column: at.column };
      const seen = input.shape && seenBox(model.get("sees"), at, shape.slice(1), input.shape);
      input.mark(seen);
      account.point([k, at.row, at.column]);
      view.status.textContent = `${title(k)}, row ${at.row}, column ${at.column}: ${number(values[k * area() + at.row * shape[2] + at.column])}`
        + (seen && model.get("sees").size ? ` · ${boxWords(seen, input.shape)}` : "");
    }
    drawLarge();
  };
  const underLarge = (event) => valueAt(...pointer(event, large), { ...largeBox, x: 0, y: 0 }, shape[2], shape[1]);
  sheet.addEventListener("pointermove", (event) => {
    if (held) return;
    const [px, py] = pointer(event, sheet);
    const k = cellAt(px, py, grid, shape[0]);
    const cellStep = grid.cell + grid.gap;
    say(k, k < 0 ? null : valueAt((px % cellStep) - 1, (py % cellStep) - 1, box, shape[2], shape[1]));
  });
  large.addEventListener("pointermove", (event) => { if (!held) say(model.get("selected"), underLarge(event)); });
  large.addEventListener("click", (event) => {
    const at = underLarge(event);
    held = Boolean(at) && !(held && at.row === place?.row && at.column === place?.column);
    say(model.get("selected"), at);
  });
  for (const node of [sheet, large]) node.addEventListener("pointerleave", () => { if (!held) say(-1, null); });
  view.undo.push(keyed(large, (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const k = model.get("selected");
    if (event.key === "Escape") { say(-1, null); return true; }
    if (!pictures[k] || !/^(Arrow|Home|End)/.test(event.key)) return false;
    const now = place?.k === k ? place.row * shape[2] + place.column : -1;
    const next = now < 0 ? Math.floor(shape[1] / 2) * shape[2] + Math.floor(shape[2] / 2) : step(now, event.key, shape[2], area());
    held = true;
    say(k, { row: Math.floor(next / shape[2]), column: next % shape[2] });
    return true;
  }));
  sheet.addEventListener("click", (event) => {
    const k = cellAt(...pointer(event, sheet), grid, shape[0]);
    write(model, "selected", k === model.get("selected") ? -1 : k);
  });

  // Layers: one is under way at a time; of those asked for meanwhile, the newest wins.
  const names = model.get("names");
  let wanted = null;
  const busy = () => model.get("layer") !== model.get("shown");
  const ask = (name) => {
    if (busy()) { wanted = name; return; }
    if (name !== model.get("layer")) write(model, "layer", name);
    middle.setAttribute("aria-busy", busy());
  };
  const arrived = () => {
    middle.setAttribute("aria-busy", busy());
    if (busy() || wanted === null) return;
    const name = wanted;
    wanted = null;
    ask(name);
  };
  if (names.length > 1) {
    const slider = element("input", { type: "range", min: 0, max: names.length - 1, "aria-label": "layer, from the image to the output",
      oninput: () => { list.value = names[slider.value]; ask(names[slider.value]); } });
    const list = chooser(names.map((name) => [name, name]), names[0], (name) => { slider.value = names.indexOf(name); ask(name); }, "layer");
    const follow = () => {
      if (wanted !== null) return;
      slider.value = names.indexOf(model.get("layer"));
      slider.setAttribute("aria-valuetext", model.get("layer"));
      list.value = model.get("layer");
    };
    follow();
    view.bar.append(labelled("layer", slider), list);
    view.undo.push(listen(model, "layer shown", follow));
  }
  const near = element("input", { type: "range", min: 0, max: 50, "aria-label": "share of the scale below which a value is drawn as zero",
    oninput: () => write(model, "threshold", Number(near.value) / 100) });
  const nearText = element("span", { className: "vk-number" });
  const showThreshold = () => {
    const share = Math.round(100 * model.get("threshold"));
    near.value = share;
    nearText.textContent = `${share} %`;
    near.setAttribute("aria-valuetext", nearText.textContent);
  };
  showThreshold();
  view.bar.append(labelled("hide below", near), nearText);
  const scale = chooser([["shared", "one for all maps"], ["own", "each map its own"]], model.get("shared_scale") ? "shared" : "own",
    (v) => write(model, "shared_scale", v === "shared"), "scale of the colours");
  view.bar.append(labelled("scale", scale));

  const later = soon(load), recolourLater = soon(recolour);
  view.undo.push(choosing(sheet, model, () => ({ columns: grid.columns, count: shape[0] })), listen(model, "maps", later), listen(model, "image", loadImage), account.stop, listen(model, "layer shown problem", arrived),
    listen(model, "threshold", () => { showThreshold(); recolourLater(); }),
    listen(model, "shared_scale", () => { scale.value = model.get("shared_scale") ? "shared" : "own"; recolourLater(); }),
    listen(model, "selected", choose), onThemeChange(drawSelected), later.cancel, recolourLater.cancel);
  load();
  return view.cleanup;
}

export default { render };
