// AttentionViewer: all heads small, one large, and the text with what one token looks at.
import { frame, listen, write } from "./frame.js";
import { step } from "./grid.js";
import { keyed, keys } from "./keys.js";
import { bitmap, canvas, element, onThemeChange, pointer, resize, showScale, soon, themeColour } from "./page.js";
import { number, toTyped } from "./values.js";
import { cellSize, levelWords, sheetLayout, thumbPixels, weightPixels } from "./headmaps.js";
import { columnOf, lookWords, makeRanking, makeStrip, rowOf } from "./looks.js";
import { spoken } from "./spoken.js";
import { makeCell } from "./cellsum.js";

/** The place that a key leads to along a row of `length`; from none to the first, or with End to the last. */
export function along(from, key, length) {
  if (key === "End") return length - 1;
  return step(from, { ArrowUp: "ArrowLeft", ArrowDown: "ArrowRight" }[key] ?? key, 1, length);
}

const SIDE = 360, LABELS = 11; // of the large map; pixels of a cell from which tokens stand beside it

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-attention");
  const tokens = model.get("tokens"), others = model.get("queries"), across = others.length > 0;
  const asking = across ? others : tokens, causal = model.get("causal"), top = model.get("top");
  const names = model.get("names"), noun = model.get("noun"), colours = levelWords();
  const thumbs = toTyped(model.get("thumbs")), [layers, heads, high, wide] = thumbs.shape, count = layers * heads;
  const inLayers = noun === "head" && layers > 1;
  let weights, hovered = -1, hoveredKey = -1, picture = null;

  // All heads: layers from top to bottom; maps that are no layers of heads fill a block.
  const layout = inLayers ? sheetLayout(layers, heads) : sheetLayout(1, count), pitch = layout.cell + layout.gap;
  const sheet = canvas(10, 10, `${noun}s: arrow keys choose one`);
  const small = Array.from({ length: count }, (_, n) => bitmap(thumbPixels(thumbs.values, n * high * wide, high, wide, causal, colours), wide, high));
  const sheetBox = element("div", { className: "vk-scroll vk-heads" }, sheet);
  const drawSheet = () => {
    const context = resize(sheet, layout.left + layout.columns * pitch, layout.top + layout.rows * pitch);
    context.fillStyle = themeColour(sheet, "faint");
    context.font = "10px sans-serif";
    context.textBaseline = "middle";
    if (inLayers) {
      const every = Math.ceil(18 / pitch);
      context.textAlign = "center";
      for (let head = 0; head < heads; head += every) context.fillText(head, layout.left + head * pitch + layout.cell / 2, 6);
      context.textAlign = "right";
      for (let layer = 0; layer < layers; layer += every) context.fillText(layer, layout.left - 5, layout.top + layer * pitch + layout.cell / 2);
    }
    context.imageSmoothingEnabled = layout.cell < wide;
    const selected = model.get("selected");
    small.forEach((map, n) => {
      const x = layout.left + (n % layout.columns) * pitch, y = layout.top + Math.floor(n / layout.columns) * pitch;
      context.fillStyle = themeColour(sheet, "faint-edge");
      context.fillRect(x, y, layout.cell, layout.cell);
      context.drawImage(map, x, y, layout.cell, layout.cell);
      if (n !== selected) return;
      context.strokeStyle = themeColour(sheet, "accent");
      context.lineWidth = 3;
      context.strokeRect(x - 0.5, y - 0.5, layout.cell + 1, layout.cell + 1);
    });
  };
  const headAt = (event) => {
    const [x, y] = pointer(event, sheet), column = Math.floor((x - layout.left) / pitch), row = Math.floor((y - layout.top) / pitch);
    const n = row * layout.columns + column;
    return column >= 0 && row >= 0 && column < layout.columns && n < count ? n : -1;
  };
  const called = (n) => noun === "map" ? names[n] : `${names[Math.floor(n / heads)] ? `${names[Math.floor(n / heads)]}, ` : ""}head ${n % heads}`;
  sheet.addEventListener("pointermove", (event) => { const n = headAt(event); view.status.textContent = n < 0 ? "" : called(n); });
  sheet.addEventListener("pointerleave", () => tell());
  sheet.addEventListener("click", (event) => { const n = headAt(event); if (n >= 0) write(model, "selected", n); });

  // The chosen head, large: only what can be seen of it is drawn, the rest scrolls.
  const cell = cellSize(asking.length, tokens.length, SIDE), labelled = cell >= LABELS;
  const margin = (words) => (labelled ? Math.min(84, 10 + 6 * Math.max(...words.map((word) => word.length))) : 0);
  const left = margin(asking), above = margin(tokens);
  const shownWide = Math.min(SIDE + 20, cell * tokens.length), shownHigh = Math.min(SIDE + 20, cell * asking.length);
  const large = canvas(10, 10, `the chosen ${noun}; rows are the tokens that look, columns those that are looked at; arrow keys move`);
  const bars = 16; // room for scroll bars, which some systems lay over the map and others beside it
  const room = element("div", { className: "vk-room", style: { width: `${left + cell * tokens.length + bars}px`, height: `${above + cell * asking.length + bars}px` } }, large);
  const largeBox = element("div", { className: "vk-large", style: { maxWidth: `${left + shownWide + bars}px`, maxHeight: `${above + shownHigh + bars}px` } }, room);
  const scrolled = () => [Math.min(largeBox.scrollLeft, cell * tokens.length - shownWide), Math.min(largeBox.scrollTop, cell * asking.length - shownHigh)];
  const heading = element("div", { className: "vk-heading" });
  const legend = element("div", { className: "vk-bar vk-legend" });
  const mark = (context, x, y, width, height, colour, line = 2) => {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.strokeRect(x, y, width, height);
  };
  const drawLarge = () => {
    const context = resize(large, left + shownWide, above + shownHigh);
    const [sx, sy] = scrolled();
    const query = hovered >= 0 ? hovered : model.get("token"), key = hovered >= 0 ? hoveredKey : model.get("key");
    context.save();
    context.beginPath();
    context.rect(left, above, shownWide, shownHigh);
    context.clip();
    context.fillStyle = themeColour(large, "faint-edge");
    context.fillRect(left, above, shownWide, shownHigh);
    if (picture) context.drawImage(picture, sx / cell, sy / cell, shownWide / cell, shownHigh / cell, left, above, shownWide, shownHigh);
    const accent = themeColour(large, "accent"), wideAll = cell * tokens.length;
    if (query >= 0) mark(context, left - sx, above + query * cell - sy, wideAll, cell, "#e8590c");
    if (!across && query >= 0) mark(context, left + query * cell - sx, above - sy, cell, cell * asking.length, "#e69f00", 1);
    if (key >= 0 && (query >= 0 || across)) mark(context, left + key * cell - sx, above + (query >= 0 ? query * cell : 0) - sy, cell, query >= 0 ? cell : cell * asking.length, accent, 3);
    context.restore();
    if (labelled) drawLabels(context, query, key);
  };
  const drawLabels = (context, query, key) => {
    const short = (word) => word.replaceAll("\n", "↵").slice(0, 12), ink = themeColour(large, "ink"), faint = themeColour(large, "faint");
    context.font = "11px sans-serif";
    context.textBaseline = "middle";
    context.textAlign = "right";
    asking.forEach((word, n) => { context.fillStyle = n === query ? ink : faint; context.fillText(short(word), left - 5, above + (n + 0.5) * cell); });
    tokens.forEach((word, n) => {
      context.save();
      context.translate(left + (n + 0.5) * cell, above - 5);
      context.rotate(-Math.PI / 2);
      context.textAlign = "left";
      context.fillStyle = n === key || (!across && n === query) ? ink : faint;
      context.fillText(short(word), 0, 0);
      context.restore();
    });
  };
  const cellUnder = (event) => {
    const [x, y] = pointer(event, large), [sx, sy] = scrolled();
    const column = Math.floor((x - left + sx) / cell), row = Math.floor((y - above + sy) / cell);
    const inside = x >= left && y >= above && column >= 0 && row >= 0 && column < tokens.length && row < asking.length;
    return inside ? [row, column] : [-1, -1];
  };

  // The text, tinted, and the largest weights of both directions.
  const hover = (query, key = -1) => { [hovered, hoveredKey] = [query, key]; later(); };
  const keep = (changes) => { for (const [name, value] of Object.entries(changes)) model.set(name, value); model.save_changes(); };
  const pick = (query) => keep(query === model.get("token") && model.get("key") < 0 ? { token: -1, key: -1 } : { token: query, key: -1 });
  const askers = makeStrip(asking, across ? "the tokens that look: arrow keys choose one" : "the text: arrow keys choose a token", (n) => hover(n), pick);
  const looked = across ? makeStrip(tokens, "the tokens that are looked at: arrow keys choose one",
    (n) => { hoveredKey = n; hovered = -1; later(); }, (n) => keep({ token: -1, key: n })) : askers;
  const forward = makeRanking("looks", tokens), back = makeRanking("looked", asking);
  const rankings = element("div", { className: "vk-both" }, forward.node, back.node);
  const text = element("div", { className: "vk-text" },
    ...(across ? [element("div", { className: "vk-note", textContent: "looks" })] : []), askers.node,
    ...(across ? [element("div", { className: "vk-note", textContent: "is looked at" }), looked.node] : []));
  const account = makeCell(asking, tokens);

  const tell = () => {
    const query = hovered >= 0 ? hovered : model.get("token"), key = hovered >= 0 || hoveredKey >= 0 ? hoveredKey : model.get("key");
    const row = query >= 0 ? rowOf(weights, tokens.length, query) : null;
    const seenFrom = across ? (query < 0 ? key : -1) : query;
    const column = seenFrom >= 0 ? columnOf(weights, asking.length, tokens.length, seenFrom) : null;
    looked.tint(row, across ? null : column);
    if (across) askers.tint(null, column);
    askers.mark(query, model.get("token"));
    if (across) looked.mark(key, model.get("key"));
    if (row || column) rankings.classList.add("vk-asked"); // room is kept from then on
    forward.show(row ? `${spoken(asking[query])} looks at` : "", row);
    back.show(column ? `${spoken(tokens[seenFrom])} is looked at by` : "", column);
    forward.node.style.display = row || !across ? "" : "none";
    back.node.style.display = column || !across ? "" : "none";
    if (model.get("problem")) view.status.textContent = model.get("problem");
    else if (query >= 0 && key >= 0) {
      const masked = causal && key > query ? ": masked, it comes later" : ` with weight ${number(row[key])}`;
      view.status.textContent = `${spoken(asking[query])} (${query}) looks at ${spoken(tokens[key])} (${key})${masked}`;
    } else if (row) {
      view.status.textContent = `${spoken(asking[query])} (${query}) looks at ${lookWords(row, tokens)}${column ? `; looked at by ${lookWords(column, asking)}` : ""}`;
    } else if (column) view.status.textContent = `${spoken(tokens[seenFrom])} (${seenFrom}) is looked at by ${lookWords(column, asking)}`;
    else view.status.textContent = across ? "Point at a token, or at a cell of the map." : "Point at a token: blue is where it looks, orange lines are who looks at it.";
  };

  const load = () => {
    const typed = toTyped(model.get("weights"));
    weights = typed.values;
    picture = bitmap(weightPixels(weights, asking.length, tokens.length, top, causal, colours), tokens.length, asking.length);
    heading.textContent = called(model.get("shown"));
  };
  const explain = () => {
    const said = model.get("account"), there = said.head === model.get("shown") && said.token >= 0 && said.key >= 0;
    account.show(there ? said : {}, model.get("vectors"), there ? weights[said.token * tokens.length + said.key] : 0);
  };
  const draw = () => { drawLarge(); tell(); };
  const drawAll = () => { drawSheet(); explain(); draw(); };
  const later = soon(draw), allLater = soon(drawAll);

  large.addEventListener("pointermove", (event) => hover(...cellUnder(event)));
  large.addEventListener("pointerleave", () => hover(-1));
  large.addEventListener("click", (event) => {
    const [token, key] = cellUnder(event);
    if (token >= 0) keep(token === model.get("token") && key === model.get("key") ? { token: -1, key: -1 } : { token, key });
  });
  largeBox.addEventListener("scroll", later);

  const arrows = (event) => /^(Arrow|Home|End|Escape)/.test(event.key) && !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
  const revealCell = (query, key) => {
    const far = (at, from, size) => (at * cell < from || (at + 1) * cell > from + size ? at * cell - size / 2 : from);
    if (query >= 0) largeBox.scrollTop = far(query, largeBox.scrollTop, shownHigh);
    if (key >= 0) largeBox.scrollLeft = far(key, largeBox.scrollLeft, shownWide);
  };
  const alongText = (name, length, other) => (event) => {
    if (!arrows(event)) return false;
    if (event.key === "Escape") { keep({ token: -1, key: -1 }); return true; }
    keep({ [name]: along(model.get(name), event.key, length), [other]: -1 });
    return true;
  };
  const overMap = (event) => {
    if (!arrows(event)) return false;
    if (event.key === "Escape") { keep({ token: -1, key: -1 }); return true; }
    const inRow = /Left|Right|Home|End/.test(event.key), [name, length] = inRow ? ["key", tokens.length] : ["token", asking.length];
    const both = { token: Math.max(0, model.get("token")), key: Math.max(0, model.get("key")) };
    keep({ ...both, [name]: along(model.get(name), event.key, length) });
    return true;
  };
  const overHeads = (event) => {
    if (!arrows(event) || event.key === "Escape") return false;
    const next = step(model.get("selected"), event.key, layout.columns, count);
    if (next !== model.get("selected")) write(model, "selected", next);
    return true;
  };

  const side = element("div", { className: "vk-side" }, element("div", { className: "vk-note", textContent: inLayers ? "heads from left to right, layers from top to bottom" : `${count} ${noun}s` }), sheetBox);
  side.style.display = count > 1 ? "" : "none";
  view.body.append(side, element("div", { className: "vk-side vk-one" }, heading, largeBox, legend),
    element("div", { className: "vk-reading" }, text, rankings), account.node);
  showScale(legend, top, false);
  legend.append(element("span", { className: "vk-note", textContent: `middle: ${number(top / 4)}${causal ? "; grey: masked" : ""}` }));

  const follow = () => { hovered = hoveredKey = -1; revealCell(model.get("token"), model.get("key")); askers.reveal(model.get("token")); if (across) looked.reveal(model.get("key")); allLater(); };
  const loaded = () => { load(); sheet.removeAttribute("aria-busy"); allLater(); };
  view.undo.push(
    keyed(sheet, overHeads), keyed(large, overMap), keys(askers.node, alongText("token", asking.length, "key")),
    ...(across ? [keys(looked.node, alongText("key", tokens.length, "token"))] : []),
    listen(model, "weights shown", loaded), listen(model, "selected token key", follow), listen(model, "account vectors problem", allLater),
    later.cancel, allLater.cancel, onThemeChange(drawAll));
  load();
  drawAll();
  return view.cleanup;
}

export default { render };
