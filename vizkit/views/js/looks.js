// The text whose tokens look at each other: tinted by where one looks, underlined by who looks at it.
import { element } from "./page.js";
import { spoken } from "./spoken.js";
import { number } from "./values.js";

const LOOKS = [0, 114, 178], LOOKED = "230, 159, 0"; // CATEGORIES 0 and 1

/** The numbers of the largest weights, the largest first; none that is 0. */
export function largestOf(row, most) {
  const good = (k) => (Number.isFinite(row[k]) ? row[k] : 0);
  return Array.from(row, (_, k) => k).filter((k) => good(k) > 0).sort((a, b) => good(b) - good(a) || a - b).slice(0, most);
}

/** One row or column of weights (query, key). */
export function rowOf(weights, columns, query) {
  return weights.subarray(query * columns, (query + 1) * columns);
}
export function columnOf(weights, rows, columns, key) {
  return Float32Array.from({ length: rows }, (_, query) => weights[query * columns + key]);
}

/** The largest weights of a row in words. */
export function lookWords(row, words, most = 3) {
  return largestOf(row, most).map((k) => `${spoken(words[k])} ${number(row[k])}`).join(", ") || "nothing";
}

/** A text as tokens that can be pointed at; `tint` paints it, `mark` frames one of them. */
export function makeStrip(words, label, onhover, onclick) {
  const spans = words.map((word, k) => element("span", { className: "vk-token", textContent: word.replaceAll("\n", "↵\n") || "∅", "data-token": k }));
  const node = element("div", { className: "vk-strip", tabIndex: 0, "aria-label": label }, ...spans);
  const at = (event) => Number(event.target.closest?.(".vk-token")?.dataset.token ?? -1);
  node.addEventListener("pointerover", (event) => onhover(at(event)));
  node.addEventListener("pointerleave", () => onhover(-1));
  node.addEventListener("click", (event) => { if (at(event) >= 0) onclick(at(event)); });
  const alpha = (weight) => (Number.isFinite(weight) && weight > 0 ? Math.min(1, Math.sqrt(weight)) : 0);
  return {
    node,
    tint(looks, looked) {
      spans.forEach((span, k) => {
        const share = looks ? alpha(looks[k]) : 0, back = looked ? alpha(looked[k]) : 0;
        span.style.background = share > 0.03 ? `rgba(${LOOKS}, ${(0.85 * share).toFixed(3)})` : "";
        span.style.boxShadow = back > 0.03 ? `inset 0 -${(1 + 4 * back).toFixed(1)}px rgba(${LOOKED}, ${(0.35 + 0.65 * back).toFixed(2)})` : "";
      });
    },
    mark(number, chosen) {
      spans.forEach((span, k) => { span.classList.toggle("vk-at", k === number); span.classList.toggle("vk-held", k === chosen); });
    },
    reveal(number) {
      const span = spans[number];
      if (!span) return;
      if (span.offsetTop < node.scrollTop || span.offsetTop + span.offsetHeight > node.scrollTop + node.clientHeight) {
        node.scrollTop = span.offsetTop - node.clientHeight / 2;
      }
    },
  };
}

/** The largest weights as bars with their words; `show` gives them a title and a row of weights. */
export function makeRanking(kind, words, most = 6) {
  const title = element("div", { className: "vk-heading" }), list = element("div", { className: "vk-ranks" });
  const node = element("div", { className: `vk-ranking vk-${kind}` }, title, list);
  return {
    node,
    show(text, row) {
      title.textContent = text;
      list.replaceChildren(...(row ? largestOf(row, most) : []).flatMap((k) => [
        element("span", { className: "vk-word", textContent: spoken(words[k]) }), element("span", { className: "vk-note", textContent: k }),
        element("span", { className: "vk-track" }, element("i", { style: { width: `${100 * Math.min(1, row[k])}%` } })),
        element("span", { className: "vk-sum", textContent: number(row[k]) })]));
    },
  };
}
