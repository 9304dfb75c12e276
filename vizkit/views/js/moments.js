// A slider and a play button through the moments of a training.
import { listen, write } from "./frame.js";
import { element, labelled } from "./page.js";

const PAUSE = 700; // milliseconds between two moments

/** The moment after this one; null after the last. */
export function nextMoment(moment, count) {
  return moment + 1 < count ? moment + 1 : null;
}

/** Controls for the trait `moment`: {node, show(count), stop}; `node` is empty where there is one moment only; of a training, unless it has another noun. */
export function makeMoments(model, noun = "moment") {
  let timer = 0, count = 1;
  const slider = element("input", { type: "range", min: 0, "aria-label": noun === "moment" ? "moment of the training" : noun,
    oninput: () => { stop(); write(model, "moment", Number(slider.value)); } });
  const play = element("button", { onclick: () => (timer ? stop() : start()) });
  const text = element("span", { className: "vk-number vk-moment", style: { minWidth: "12em" } });
  const name = (playing) => {
    play.textContent = playing ? "❚❚ pause" : "▶ play";
    play.setAttribute("aria-label", playing ? "pause" : `play all ${noun}s`);
  };
  const follow = () => {
    const moment = model.get("moment");
    slider.value = moment;
    text.textContent = model.get("steps")[moment] || "";
    slider.setAttribute("aria-valuetext", text.textContent);
  };
  function stop() {
    clearInterval(timer);
    timer = 0;
    name(false);
  }
  function start() {
    if (nextMoment(model.get("moment"), count) === null) write(model, "moment", 0);
    name(true);
    timer = setInterval(() => {
      const next = nextMoment(model.get("moment"), count);
      if (next !== null) write(model, "moment", next);
      if (next === null || nextMoment(next, count) === null) stop();
    }, PAUSE);
  }
  const controls = [play, labelled(noun, slider), text], node = element("span", { className: "vk-control" });
  const show = (moments) => {
    count = moments;
    slider.max = count - 1;
    if (count < 2) { stop(); node.replaceChildren(); return; }
    if (!node.children.length) node.replaceChildren(...controls);
    follow();
  };
  name(false);
  const unlisten = listen(model, "moment steps", follow);
  return { node, show, stop: () => { stop(); unlisten(); } };
}
