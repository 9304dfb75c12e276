// The pattern of LiveViewer as its controls set it: kind, angle, frequency, phase, contrast, colours.
import { chooser, element } from "./page.js";

const KINDS = ["grating", "stripes", "edge", "bar", "blob", "checks"]; // as in patterns.py
const SLIDERS = [ // name, lowest, highest, step, what follows the number
  ["angle", 0, 180, 5, "°"], ["frequency", 1, 16, 0.5, ""], ["phase", 0, 360, 15, "°"], ["contrast", 0, 1, 0.05, ""],
];
const TITLES = { angle: "degrees, counter-clockwise; at 0° stripes stand upright", frequency: "cycles in the width of the image",
  phase: "degrees of a cycle, along the angle", contrast: "1: the full colours; 0: their mean" };

/** Two colours "#rrggbb": a full one of that hue (0…360 degrees) and its opposite. */
export function hues(degrees) {
  const part = (n) => {
    const k = (n + degrees / 60) % 6;
    return Math.round(255 * (1 - Math.max(0, Math.min(k, 4 - k, 1))));
  };
  const first = [part(5), part(3), part(1)];
  const hex = (colour) => `#${colour.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
  return [hex(first), hex(first.map((v) => 255 - v))];
}

/** The controls; `changed(settings)` is called with all settings when one has changed. */
export function patternPanel(changed) {
  let settings = null;
  const set = (change) => { settings = { ...settings, ...change }; show(settings); changed(settings); };
  const kind = chooser(KINDS.map((name) => [name, name]), "grating", (value) => set({ kind: value }), "kind of pattern");
  const node = element("div", { className: "vk-sliders" }, element("span", { textContent: "kind" }), kind, element("span"));
  const sliders = SLIDERS.map(([name, min, max, step, unit]) => {
    const input = element("input", { type: "range", min, max, step, title: TITLES[name], "aria-label": `${name}: ${TITLES[name]}`,
      oninput: () => set({ [name]: Number(input.value) }) });
    const output = element("output");
    node.append(element("span", { textContent: name, title: TITLES[name] }), input, output);
    return { name, input, output, unit };
  });
  const hue = element("input", { type: "range", min: 0, max: 355, step: 5, className: "vk-hue", title: "a colour against its opposite",
    "aria-label": "hue: a colour against its opposite", oninput: () => set({ colours: hues(Number(hue.value)) }) });
  const wells = [0, 1].map((which) => element("input", { type: "color", "aria-label": `colour ${which + 1}`,
    oninput: () => set({ colours: settings.colours.map((c, i) => (i === which ? wells[which].value : c)) }) }));
  const plain = element("button", { textContent: "b & w", title: "white and black", onclick: () => set({ colours: ["#ffffff", "#000000"] }) });
  node.append(element("span", { textContent: "hue" }), hue, element("span"),
    element("span", { textContent: "colours" }), element("span", { className: "vk-wells" }, ...wells, plain), element("span"));

  /** Show these settings, as Python has them. */
  const show = (now) => {
    settings = now;
    kind.value = now.kind;
    for (const { name, input, output, unit } of sliders) {
      if (name === "angle") input.max = now.kind === "edge" ? 360 : 180;
      input.value = now[name];
      output.textContent = `${now[name]}${unit}`;
      input.setAttribute("aria-valuetext", output.textContent);
    }
    wells.forEach((well, i) => { if (/^#[0-9a-f]{6}$/i.test(now.colours[i])) well.value = now.colours[i]; });
  };
  return { node, show };
}
