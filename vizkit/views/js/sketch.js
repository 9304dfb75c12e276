// Sketchpad: a paper to draw on; what is seen, read and lit beside it, as Python answers.
import { frame, listen, write } from "./frame.js";
import { chooser, element, labelled, onThemeChange, soon } from "./page.js";
import { toTyped } from "./values.js";
import { courier } from "./courier.js";
import { PAPER, makePaper } from "./paper.js";
import { makeReadings } from "./readings.js";

const PATIENCE = 3000; // milliseconds until a silent kernel is remarked on
const REST = 900;
const BUSY = "No answer yet: the kernel is busy with a cell. Draw on, it will catch up.";

/** The paper's way to Python, and the answers' way back; `ink()` gives the paper's bytes. */
function connect(model, ink, status) {
  let own = false, patience = 0, rest = 0;
  const post = courier((bytes, which) => {
    own = true; // other views of this paper follow; this one has it already
    model.set("paper", { shape: [PAPER, PAPER], dtype: "uint8", data: new DataView(bytes.buffer) });
    own = false;
    model.send({ kind: "drawing", number: which }, undefined, [bytes.buffer]);
    clearTimeout(patience);
    patience = setTimeout(() => { status.textContent = BUSY; }, PATIENCE);
  });
  const answered = (message) => {
    if (message?.kind !== "seen") return;
    clearTimeout(patience);
    if (status.textContent === BUSY) status.textContent = model.get("problem");
    post.arrived(message.number);
    clearTimeout(rest);
    if (!post.busy) rest = setTimeout(() => model.send({ kind: "rest" }), REST);
  };
  model.on("msg:custom", answered);
  return {
    send() { clearTimeout(rest); post.offer(ink); },
    sending: () => own,
    close() { model.off("msg:custom", answered); clearTimeout(patience); clearTimeout(rest); },
  };
}

function render({ model, el }) {
  const view = frame(el, model);
  view.root.classList.add("vk-sketch");
  const say = (text) => { view.status.textContent = text; };
  const paper = makePaper(() => model.get("brush"), () => changed(), say);
  const readings = makeReadings(model, say);
  const python = connect(model, paper.bytes, view.status);
  const heading = element("div", { className: "vk-heading", textContent: "draw here" });
  view.body.append(element("div", { className: "vk-side" }, heading, paper.node), ...readings.nodes);

  // Controls
  const undoButton = element("button", { textContent: "undo", onclick: paper.undo, title: "take the last stroke back (Z)" });
  const clearButton = element("button", { textContent: "clear", onclick: paper.clear, title: "a new sheet (Delete)" });
  const brush = element("input", { type: "range", min: 4, max: 32, value: model.get("brush"), "aria-label": "width of the brush",
    oninput: () => { write(model, "brush", Number(brush.value)); paper.draw(); } });
  const centre = element("input", { type: "checkbox", checked: model.get("centred"),
    onchange: () => write(model, "centred", centre.checked) });
  view.bar.append(undoButton, clearButton, labelled("brush", brush), labelled("centre and scale as MNIST does", centre));
  const layers = model.get("layers");
  const layer = chooser(layers.map((name) => [name, name]), model.get("layer"), (name) => write(model, "layer", name), "layer whose maps are shown");
  if (layers.length) view.bar.append(labelled("maps of", layer));
  const tellButtons = () => { undoButton.disabled = paper.untouched(); };
  const tellControls = () => {
    brush.value = model.get("brush");
    centre.checked = model.get("centred");
    layer.value = model.get("layer");
  };

  const changed = () => { tellButtons(); python.send(); };
  const load = () => {
    if (python.sending()) return;
    paper.load(toTyped(model.get("paper")).values);
    tellButtons();
  };
  const drawLater = soon(readings.draw);
  view.undo.push(paper.stop, python.close, drawLater.cancel,
    listen(model, "paper", load), listen(model, "seen values classes maps centred", drawLater),
    listen(model, "brush centred layer", tellControls), onThemeChange(() => { paper.draw(); drawLater(); }));
  load();
  readings.draw();
  return view.cleanup;
}

export default { render };
