// NextTokenViewer: a text, bars of its next token under four samplers, and the texts tried.
import { frame, listen, write } from "./frame.js";
import { step } from "./grid.js";
import { keys } from "./keys.js";
import { element, soon } from "./page.js";
import { number, toTyped } from "./values.js";
import { connect } from "./messages.js";
import { SAMPLERS, chances, countAt, heatAt, placeOf, placeOfCount } from "./chances.js";
import { spoken } from "./spoken.js";
import { pathTo, twigs } from "./twigs.js";

const COUNT = 60; // tokens that "write on" writes, unless it is stopped

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-next_token");
  let left = 0, row = 0, logits, order; // tokens still to be written; the row that the keys are at

  // The way to Python: one token under way; "write on" asks for the next when one has come.
  const python = connect(model, view.status, () => stop(), () => {
    if (model.get("problem") || model.get("ended")) left = 0;
    if (left > 0) { left--; python.offer(() => ({ content: { kind: "draw" } })); }
    later();
  });
  const stop = () => { left = 0; later(); };
  const ask = (kind, more) => {
    const content = { kind, at: model.get("shown"), ...more }; // the text that was on the page when it was asked for
    left = 0;
    python.offer(() => ({ content }));
  };
  const append = (token) => { if (!model.get("ended")) ask("append", { token }); };

  // The bar.
  const button = (textContent, onclick, label) => element("button", { textContent, onclick, "aria-label": label ?? textContent });
  const writing = button("write on", () => {
    if (left > 0) { stop(); return; }
    left = COUNT - 1;
    python.offer(() => ({ content: { kind: "draw" } }));
    later();
  });
  const one = button("one token", () => ask("draw"), "draw one token");
  const undo = button("undo", () => ask("undo"), "undo: back by one token");
  const again = button("from the prompt", () => go(0), "back to the prompt");
  const go = (node) => { left = 0; if (node !== model.get("at")) write(model, "at", node); };
  view.bar.append(writing, one, undo, again);

  // The text: a click on a token goes back to it.
  const text = element("div", { className: "vk-written", role: "group", "aria-label": "the text; a click on a token goes back to it" });
  const drawText = () => {
    const pieces = model.get("pieces"), path = pathTo(toTyped(model.get("parents")).values, model.get("shown"));
    const seen = (word) => word.replaceAll("\n", "↵\n");
    text.replaceChildren(
      ...model.get("prompt").map((word) => element("span", { className: "vk-token", textContent: seen(word) })),
      ...path.map((node) => element("span", { className: "vk-token vk-new", textContent: seen(pieces[node]), title: "back to here", onclick: () => go(node) })),
      element("span", { className: "vk-cursor", textContent: model.get("ended") ? " ■" : "▏" }));
    text.scrollTop = text.scrollHeight;
  };

  // The heads of the four columns: which sampler draws, and its slider.
  const slider = (name, place, from, label) => {
    const input = element("input", { type: "range", min: 0, max: 1, step: 0.005, "aria-label": label,
      oninput: () => { write(model, name, from(Number(input.value))); } });
    return { input, follow() { if (from(Number(input.value)) !== model.get(name)) input.value = place(model.get(name)); input.setAttribute("aria-valuetext", String(model.get(name))); } };
  };
  const size = () => toTyped(model.get("logits")).shape[0];
  const sliders = {
    temperature: slider("temperature", placeOf, heatAt, "temperature, 0.1 to 10; it counts for top-k and top-p too"),
    "top-k": slider("k", (k) => placeOfCount(k, size()), (place) => countAt(place, size()), "k: how many tokens are kept"),
    "top-p": slider("p", (p) => p, (p) => Math.max(0.01, Number(p.toFixed(2))), "p: the share that the tokens kept reach together"),
  };
  const heads = SAMPLERS.map((name) => button(name, () => write(model, "sampler", name), `draw by ${name}`));
  const table = element("div", { className: "vk-chances", role: "listbox", tabIndex: 0, "aria-label": "the next token: arrow keys choose, Enter appends, Backspace goes back" });
  const head = element("div", { className: "vk-chances vk-columns" }, element("span", {}),
    ...SAMPLERS.map((name, n) => element("div", { className: "vk-column" }, heads[n], ...(sliders[name] ? [sliders[name].input] : [element("span", { className: "vk-note", textContent: "the likeliest" })]))));
  const setting = (name) => ({ temperature: () => `temperature ${model.get("temperature")}`, "top-k": () => `top-k, k = ${model.get("k")}`, "top-p": () => `top-p, p = ${model.get("p")}` }[name]?.() ?? name);

  // The rows: a token each, with four bars, and one for all others.
  const makeRow = (n) => {
    const cells = SAMPLERS.map(() => [element("i"), element("span", { className: "vk-sum" })]);
    const word = element("span", { className: "vk-word" });
    const node = element("div", { className: "vk-row", role: "option", onclick: () => { row = n; append(order[n]); } }, word,
      ...cells.map(([bar, sum]) => element("div", { className: "vk-cellbar" }, element("span", { className: "vk-track" }, bar), sum)));
    return { node, word, cells };
  };
  let rows = [];
  const others = makeRow(-1);
  others.node.classList.add("vk-others");
  others.node.removeAttribute("role");
  others.node.setAttribute("aria-hidden", "true");
  const drawBars = () => {
    logits = toTyped(model.get("logits")).values;
    order = toTyped(model.get("ids")).values;
    const words = model.get("words"), sampler = model.get("sampler");
    const found = SAMPLERS.map((name) => chances(logits, name, model.get("temperature"), model.get("k"), model.get("p")));
    if (rows.length !== words.length) {
      rows = words.map((_, n) => makeRow(n));
      table.replaceChildren(...rows.map((each) => each.node), others.node);
    }
    row = Math.min(row, rows.length - 1);
    const fill = (each, share, n, kept) => {
      const [bar, sum] = each.cells[n];
      bar.style.width = `${100 * share}%`;
      sum.textContent = share >= 0.001 ? number(share) : share > 0 ? "<0.001" : "";
      bar.parentNode.parentNode.classList.toggle("vk-chosen", SAMPLERS[n] === sampler);
      bar.parentNode.parentNode.classList.toggle("vk-cut", !kept);
    };
    rows.forEach((each, k) => {
      each.word.textContent = spoken(words[k]);
      each.node.setAttribute("aria-selected", k === row);
      const at = SAMPLERS.indexOf(sampler);
      each.node.setAttribute("aria-label", `${spoken(words[k])}, ${number(found[at].shares[k])} by ${sampler}`);
      found.forEach(({ shares, kept }, n) => fill(each, shares[k], n, k < kept));
    });
    const rest = logits.length - words.length;
    others.node.style.display = rest > 0 ? "" : "none";
    others.word.textContent = `${rest.toLocaleString("en")} others`;
    found.forEach(({ shares, kept }, n) => {
      let sum = 0;
      for (let k = words.length; k < kept; k++) sum += shares[k];
      fill(others, sum, n, kept > words.length);
    });
    heads.forEach((each, n) => {
      each.setAttribute("aria-pressed", SAMPLERS[n] === sampler);
      each.textContent = setting(SAMPLERS[n]);
    });
    for (const each of Object.values(sliders)) each.follow();
  };

  // The texts tried: a line goes on until they part.
  const tree = element("div", { className: "vk-tree", role: "group", "aria-label": "the texts tried; a click goes back to one" });
  const treeTitle = element("div", { className: "vk-heading", textContent: "tried" });
  const drawTree = () => {
    const parents = toTyped(model.get("parents")).values, pieces = model.get("pieces");
    const path = new Set(pathTo(parents, model.get("shown"))), lines = twigs(parents);
    treeTitle.style.display = lines.length > 1 ? "" : "none";
    tree.replaceChildren(...(lines.length > 1 ? lines : []).map(({ nodes, depth }) => {
      const words = nodes.map((node) => pieces[node]).join("").replaceAll("\n", "↵");
      const line = button(words, () => go(nodes.at(-1)), `go to ${spoken(words)}`);
      line.style.marginLeft = `${16 * depth}px`;
      line.classList.toggle("vk-onpath", nodes.some((node) => path.has(node)));
      line.setAttribute("aria-current", String(nodes.includes(model.get("shown"))));
      return line;
    }));
  };

  const tell = () => {
    const on = left > 0;
    writing.textContent = on ? "stop" : "write on";
    writing.setAttribute("aria-label", on ? "stop writing" : "write on");
    writing.classList.toggle("vk-stop", on);
    one.disabled = on || model.get("ended");
    writing.disabled = !on && model.get("ended");
    undo.disabled = again.disabled = model.get("shown") === 0;
    table.setAttribute("aria-busy", model.get("at") !== model.get("shown"));
    if (model.get("problem")) return;
    view.status.textContent = model.get("ended") ? "The text has ended: go back to a token, or to another text."
      : on ? `writing by ${setting(model.get("sampler"))} …` : `Click a token to append it. Drawn by ${setting(model.get("sampler"))}.`;
  };
  const draw = () => { drawText(); drawBars(); drawTree(); tell(); };
  const later = soon(draw), barsLater = soon(() => { drawBars(); tell(); });

  const stopKeys = keys(table, (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    if (event.key === "Enter" || event.key === " ") { append(order[row]); return true; }
    if (event.key === "Backspace") { ask("undo"); return true; }
    if (!/^(ArrowUp|ArrowDown|Home|End)$/.test(event.key)) return false;
    row = step(row, event.key, 1, rows.length);
    barsLater();
    return true;
  });

  view.body.append(text, head, table, element("div", { className: "vk-tried" }, treeTitle, tree));
  view.undo.push(stopKeys, python.close, later.cancel, barsLater.cancel, stop, later.cancel,
    listen(model, "pieces parents at shown logits words ended problem", later), listen(model, "sampler temperature k p", barsLater));
  draw();
  return view.cleanup;
}

export default { render };
