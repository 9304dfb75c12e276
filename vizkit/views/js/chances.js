// The chances of the next token under four samplers, from logits in falling order; as vizkit/views/sampling.py.

export const SAMPLERS = ["greedy", "temperature", "top-k", "top-p"];

/** {shares, kept}: of the tokens in falling order; those after the first `kept` have none. */
export function chances(logits, sampler, temperature, k, p) {
  const exact = Float64Array.from(logits, (logit) => Math.exp((logit - logits[0]) / temperature));
  let total = 0;
  for (const share of exact) total += share;
  let kept = { greedy: 1, temperature: exact.length, "top-k": Math.min(k, exact.length) }[sampler] ?? 0;
  if (sampler === "top-p") {
    let sum = 0;
    while (kept < exact.length) {
      sum += exact[kept++] / total;
      if (sum >= p - 1e-9) break;
    }
  }
  let rest = 0;
  for (let n = 0; n < kept; n++) rest += exact[n];
  return { shares: exact.map((share, n) => (n < kept ? share / rest : 0)), kept };
}

/** The temperature at a place 0…1 of its slider, and back: 0.1 to 10, 1 in the middle. */
export function heatAt(place) {
  return Number((10 ** (2 * place - 1)).toPrecision(2));
}
export function placeOf(heat) {
  return Math.min(1, Math.max(0, (Math.log10(heat) + 1) / 2));
}

/** The k at a place 0…1 of its slider, of a vocabulary of that size, and back. */
export function countAt(place, size) {
  return Math.max(1, Math.round(Math.min(size, 1000) ** place));
}
export function placeOfCount(k, size) {
  return Math.min(1, Math.log(k) / Math.log(Math.min(size, 1000)));
}
