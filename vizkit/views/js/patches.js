// PatchViewer: one unit's strongest, random and weakest patches; all units to choose from; a whole image.
import { frame, listen, write } from "./frame.js";
import { cellAt, choosing, fitGrid, reveal, step } from "./grid.js";
import { keyed } from "./keys.js";
import { canvas, element, onThemeChange, pointer, resize, soon, themeColour } from "./page.js";
import { number, toTyped } from "./values.js";
import { drawGroup, drawMaxima, framed, patchAt, patchGrid, patchPictures } from "./patchwork.js";

const GROUPS = ["strongest", "random", "weakest"], ROOM = 200, WIDE = 320, TALL = 90;

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-patches");
  const title = element("div", { className: "vk-title" });
  const sheets = GROUPS.map((group) => canvas(10, 10, `${group} patches: arrow keys choose one, Escape none`));
  const groups = element("div", { className: "vk-groups" }, ...GROUPS.map((group, k) =>
    element("div", { className: "vk-group" }, element("div", { className: "vk-heading", textContent: group }), sheets[k])));
  const maxima = canvas(WIDE, TALL, "histogram of this unit's largest value in each image");
  maxima.tabIndex = -1;
  const curve = element("div", { className: "vk-side" },
    element("div", { className: "vk-heading", textContent: "its largest value in each image" }), maxima,
    element("div", { className: "vk-note", textContent: "Ticks above: the strongest patches." }));
  const whole = canvas(10, 10, "the whole image, with what the unit sees of it in a frame");
  whole.tabIndex = -1;
  const facts = element("div", { className: "vk-note" });
  const beside = element("div", { className: "vk-side" }, element("div", { className: "vk-heading", textContent: "whole image" }), whole, facts);
  const note = element("div", { className: "vk-note" });
  const panel = element("div", { className: "vk-side", style: { flex: "1 1 560px", gap: "8px" } }, title, groups,
    element("div", { className: "vk-below" }, curve, beside), note);
  const icons = toTyped(model.get("icons"));
  const several = icons.shape.length === 4;
  const index = canvas(10, 10, "units by their strongest patch: arrow keys choose one, Escape none");
  const scroll = element("div", { className: "vk-scroll vk-index" }, index);
  if (several) view.body.append(element("div", { className: "vk-side" }, element("div", { className: "vk-heading", textContent: `${icons.shape[0]} units` }), scroll));
  view.body.append(panel);

  const small = several ? patchPictures(icons.values, 0, icons.shape[0], icons.shape[1], icons.shape[2]) : [];
  const layout = several ? fitGrid(icons.shape[0], 190, 430, 3, 56, 24) : null;
  const colours = () => ({ ink: themeColour(view.root, "ink"), accent: themeColour(view.root, "accent"),
    faint: themeColour(view.root, "faint"), edge: themeColour(view.root, "edge") });
  let values, numbers, boxes, pictures, grid;

  const drawIndex = () => {
    if (!several) return;
    const cell = layout.cell, stride = cell + layout.gap;
    const context = resize(index, layout.columns * stride + 1, layout.rows * stride + 1);
    const scale = cell / Math.max(icons.shape[1], icons.shape[2]);
    const [w, h] = [icons.shape[2] * scale, icons.shape[1] * scale];
    context.imageSmoothingEnabled = scale < 1;
    small.forEach((icon, k) => {
      const x = (k % layout.columns) * stride + 1, y = Math.floor(k / layout.columns) * stride + 1;
      context.drawImage(icon, x + (cell - w) / 2, y + (cell - h) / 2, w - 1, h - 1);
      if (k !== model.get("selected")) return;
      context.strokeStyle = themeColour(index, "accent");
      context.lineWidth = 3;
      context.strokeRect(x, y, cell - 1, cell - 1);
    });
  };
  const top = () => values.shape[1];
  const valueOf = (group, rank) => values.values[group * top() + rank];
  const words = (group, rank) => `${GROUPS[group]} ${rank + 1} of ${top()}: ${number(valueOf(group, rank))}, image ${numbers.values[group * top() + rank].toLocaleString("en")}`;
  const drawWhole = () => {
    const looked = model.get("looked"), picture = toTyped(model.get("around")), size = model.get("size");
    const ready = looked.length && picture.shape.length === 3 && size.length;
    beside.style.display = looked.length ? "" : "none";
    whole.style.display = ready ? "" : "none";
    if (!looked.length) return;
    const [group, rank] = looked, at = 4 * (group * top() + rank), box = [...boxes.values.subarray(at, at + 4)];
    facts.textContent = `${words(group, rank)}; rows ${box[0]} to ${box[2] - 1}, columns ${box[1]} to ${box[3] - 1}`
      + (ready ? "" : ". The images came once: this one is gone.");
    if (!ready) return;
    const { width, height, image, box: drawn } = framed(box, size[0], size[1], ROOM);
    const context = resize(whole, Math.ceil(width) + 2, Math.ceil(height) + 2);
    context.fillStyle = "#808080";
    context.fillRect(0, 0, width + 2, height + 2);
    context.imageSmoothingEnabled = picture.shape[1] > image[2];
    context.drawImage(patchPictures(picture.values, 0, 1, picture.shape[0], picture.shape[1])[0], image[0] + 1, image[1] + 1, image[2], image[3]);
    for (const [colour, line] of [["#000", 4], ["#fff", 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.strokeRect(drawn[0] + 1, drawn[1] + 1, drawn[2], drawn[3]);
    }
  };
  const draw = () => {
    const looked = model.get("looked"), paint = colours();
    title.textContent = model.get("titles")[model.get("shown")] ?? "";
    sheets.forEach((sheet, group) => {
      const context = resize(sheet, grid.columns * (grid.width + grid.gap), grid.rows * (grid.height + 15 + grid.gap) + 2);
      drawGroup(context, pictures[group], values.values.subarray(group * top(), (group + 1) * top()), grid, looked[0] === group ? looked[1] : -1, paint);
    });
    const span = model.get("span");
    drawMaxima(resize(maxima, WIDE, TALL), toTyped(model.get("counts")).values, span, values.values.subarray(0, top()), WIDE, TALL, paint);
    note.textContent = model.get("note");
    drawIndex();
    drawWhole();
  };
  const load = () => {
    [values, numbers, boxes] = ["values", "numbers", "boxes"].map((name) => toTyped(model.get(name)));
    const { shape, values: bytes } = toTyped(model.get("patches"));
    const [, count, height, width] = shape;
    grid = patchGrid(count, height, width);
    pictures = GROUPS.map((_, k) => patchPictures(bytes, k * count * height * width * 3, count, height, width));
    draw();
  };
  const later = soon(load), again = soon(draw);

  const look = (group, rank) => {
    const [g, r] = model.get("looked");
    write(model, "looked", rank < 0 || (g === group && r === rank) ? [] : [group, rank]);
  };
  sheets.forEach((sheet, group) => {
    sheet.addEventListener("click", (event) => look(group, patchAt(...pointer(event, sheet), grid)));
    sheet.addEventListener("pointermove", (event) => {
      const rank = patchAt(...pointer(event, sheet), grid);
      view.status.textContent = rank < 0 ? model.get("problem") : words(group, rank);
    });
    sheet.addEventListener("pointerleave", () => { view.status.textContent = model.get("problem"); });
    view.undo.push(keyed(sheet, (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
      const [g, r] = model.get("looked"), rank = g === group ? r : -1;
      if (event.key === "Escape") { write(model, "looked", []); return rank >= 0; }
      const next = step(rank, event.key, grid.columns, top());
      if (next !== rank) write(model, "looked", [group, next]);
      return /^(Arrow|Home|End)/.test(event.key);
    }));
  });
  if (several) {
    index.addEventListener("click", (event) => {
      const k = cellAt(...pointer(event, index), layout, icons.shape[0]);
      write(model, "selected", k === model.get("selected") ? -1 : k);
    });
    index.addEventListener("pointermove", (event) => {
      const k = cellAt(...pointer(event, index), layout, icons.shape[0]);
      view.status.textContent = k < 0 ? model.get("problem") : model.get("titles")[k];
    });
    view.undo.push(choosing(index, model, () => ({ columns: layout.columns, count: icons.shape[0] })));
  }
  const chosen = () => {
    again();
    if (several) reveal(scroll, model.get("selected"), layout);
  };
  const said = () => {
    again();
    const looked = model.get("looked");
    view.status.textContent = looked.length ? words(...looked) : model.get("problem");
  };
  view.undo.push(listen(model, "patches values numbers boxes counts span shown", later), listen(model, "selected", chosen),
    listen(model, "looked", said), listen(model, "around size note", again), onThemeChange(again), later.cancel, again.cancel);
  load();
  return view.cleanup;
}

export default { render };
