// InterventionViewer: one unit knocked out or clamped; the classes before and after, side by side.
import { frame, listen, write } from "./frame.js";
import { bitmap, element, labelled, soon } from "./page.js";
import { spoken } from "./spoken.js";
import { number, toTyped } from "./values.js";

const MODES = ["as it is", "knocked out", "clamped"];
const REACH = 3; // the slider's end, times the largest value seen
const REST = 40; // milliseconds that the slider must stand still before it is asked for
const SIDE = 180, THUMB = 40;

/** Which classes have bars: the first ones before, then those new among the first ones after. */
export function rowsOf(before, after, top) {
  const good = (value) => (Number.isNaN(value) ? 0 : value);
  const best = (shares) => Array.from(shares, (_, k) => k).sort((a, b) => good(shares[b]) - good(shares[a]) || a - b).slice(0, top);
  const first = best(before);
  return [...first, ...best(after).filter((k) => !first.includes(k))];
}

/** The place of the largest value. */
export function firstOf(shares) {
  let first = 0;
  shares.forEach((share, k) => { if (share > shares[first]) first = k; });
  return first;
}

/**
 * Several traits asked for together: one question at a time, after a moment's rest; of what is asked
 * meanwhile the newest counts. busy() says whether an answer is awaited; send(changes) asks.
 */
export function asker(busy, send, rest = REST) {
  let waiting = null, timer = 0;
  const go = () => {
    if (waiting === null || busy()) return;
    const changes = waiting;
    waiting = null;
    send(changes);
  };
  return {
    offer(changes) {
      waiting = { ...waiting, ...changes };
      clearTimeout(timer);
      timer = setTimeout(go, rest);
    },
    arrived: go,
    get waiting() { return waiting !== null; },
    stop() { clearTimeout(timer); waiting = null; },
  };
}

/** One of the pictures (image, y, x, 3) as a canvas with that longer side. */
function pictureOf({ shape: [, height, width], values }, index, side) {
  const pixels = new Uint8ClampedArray(height * width * 4).fill(255), start = index * height * width;
  for (let i = 0; i < height * width; i++) pixels.set(values.subarray(3 * (start + i), 3 * (start + i) + 3), 4 * i);
  const node = bitmap(pixels, width, height), scale = side / Math.max(width, height);
  Object.assign(node.style, { width: `${width * scale}px`, height: `${height * scale}px` });
  return node;
}

/** A text's end, in at most that many letters. */
export function endOf(text, most) {
  return text.length <= most ? text : `…${text.slice(1 - most)}`;
}

/** The bars: draw() after every answer. */
function makeBars(model) {
  const node = element("div", { className: "vk-pairs", role: "list", "aria-label": "shares of the classes before and after" });
  const bar = (share, now) => [
    element("span", { className: "vk-track", "aria-hidden": "true" },
      element("i", { className: now ? "vk-now" : "", style: { width: `${100 * (share || 0)}%` } })),
    element("span", { className: "vk-value", textContent: share.toFixed(3) })];
  const draw = () => {
    const before = toTyped(model.get("before")), after = toTyped(model.get("after"));
    const count = before.shape[1], at = model.get("image") * count;
    const [was, now] = [before, after].map(({ values }) => values.subarray(at, at + count));
    const names = model.get("classes"), texts = model.get("texts").length > 0, first = [firstOf(was), firstOf(now)];
    const bold = (k, side) => (k === first[side] ? "vk-first" : "");
    const rows = rowsOf(was, now, model.get("top")).map((k) => {
      const parts = [...bar(was[k], false), ...bar(now[k], true)];
      parts[1].classList.toggle("vk-first", k === first[0]);
      parts[3].classList.toggle("vk-first", k === first[1]);
      return element("div", { role: "listitem" },
        element("span", { className: `vk-name ${bold(k, 0) || bold(k, 1)}`, textContent: texts ? spoken(names[k]) : names[k], title: names[k] }), ...parts);
    });
    const heading = (text) => element("span", { className: "vk-heading", textContent: text, style: { gridColumn: "span 2" } });
    const head = element("div", {}, element("span"), heading("as it is"), heading(model.get("done")[1] || MODES[0]));
    node.replaceChildren(head, ...rows);
  };
  return { node, draw };
}

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-intervention");
  const bars = makeBars(model);
  const large = element("div"), thumbs = element("div", { className: "vk-thumbs", role: "group", "aria-label": "what it reads" });
  const texts = model.get("texts"), noun = texts.length ? "text" : "image";
  const side = element("div", { className: `vk-side${texts.length ? " vk-texts" : ""}` }, large, thumbs);
  view.body.append(side, bars.node);

  // What is asked of Python: the unit, what is done to it, how strongly.
  const wanted = () => [model.get("selected"), model.get("mode"), model.get("strength")];
  const busy = () => JSON.stringify(wanted()) !== JSON.stringify(model.get("done"));
  const ask = asker(busy, (changes) => {
    for (const [trait, value] of Object.entries(changes)) model.set(trait, value);
    model.save_changes();
    bars.node.setAttribute("aria-busy", busy());
  });

  const titles = model.get("titles"), several = titles.length > 1;
  const unit = element("input", { type: "number", min: 0, max: titles.length - 1, "aria-label": `unit, 0 to ${titles.length - 1}`,
    oninput: () => {
      const k = Number(unit.value);
      if (unit.value !== "" && Number.isInteger(k) && k >= 0 && k < titles.length) ask.offer({ selected: k });
    },
    onchange: () => { if (!ask.waiting) follow(); } });
  const name = element("span", { className: "vk-heading" });
  const modes = MODES.map((mode) => element("button", { textContent: mode, onclick: () => { ask.offer({ mode }); press(mode); } }));
  const slider = element("input", { type: "range", min: 0, max: REACH, step: 0.05, "aria-label": "held at, times the largest value seen",
    oninput: () => { ask.offer({ mode: "clamped", strength: Number(slider.value) }); press("clamped"); tell(Number(slider.value)); } });
  const text = element("span", { className: "vk-number" });
  view.bar.append(...(several ? [labelled("unit", unit)] : []), name,
    element("span", { className: "vk-control", role: "group", "aria-label": "what is done to the unit" }, ...modes),
    labelled("clamped at", slider), text);

  const press = (mode) => modes.forEach((button) => button.setAttribute("aria-pressed", button.textContent === mode));
  const tell = (strength) => {
    const scale = toTyped(model.get("scale")).values[model.get("unit")];
    text.textContent = `${strength.toFixed(2)} × its largest, ${number(strength * scale)}`;
    slider.setAttribute("aria-valuetext", text.textContent);
  };
  const follow = () => {
    const k = model.get("unit");
    if (!ask.waiting) {
      if (document.activeElement !== unit) unit.value = k;
      slider.value = model.get("strength");
      press(model.get("mode"));
      tell(model.get("strength"));
    }
    const most = toTyped(model.get("seen")).values[model.get("image") * titles.length + k];
    name.textContent = titles[k];
    view.status.textContent = model.get("problem")
      || `${model.get("words")}. Largest value of ${titles[k]} on this ${noun}: ${number(most)}`;
    bars.node.setAttribute("aria-busy", busy());
  };

  const pictures = toTyped(model.get("pictures")), count = texts.length || (model.get("pictures") ? pictures.shape[0] : 0);
  const face = (k, most) => (texts.length ? (most === THUMB ? endOf(texts[k], most) : `${texts[k]} …`) : pictureOf(pictures, k, most));
  const buttons = count > 1 ? Array.from({ length: count }, (_, k) =>
    element("button", { "aria-label": `${noun} ${k + 1} of ${count}`, onclick: () => write(model, "image", k) }, face(k, THUMB))) : [];
  thumbs.append(...buttons);
  side.style.display = count ? "" : "none";
  const look = () => {
    if (count) large.replaceChildren(face(model.get("image"), SIDE));
    buttons.forEach((button, k) => button.setAttribute("aria-pressed", k === model.get("image")));
  };

  const draw = () => { look(); follow(); bars.draw(); };
  const later = soon(draw);
  view.undo.push(listen(model, "before after words image unit mode strength problem done", later), later.cancel,
    listen(model, "done", ask.arrived), ask.stop);
  draw();
  return view.cleanup;
}

export default { render };
