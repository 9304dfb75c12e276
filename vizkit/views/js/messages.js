// LiveViewer's messages to Python: one under way, patience with a busy kernel, and an end to it.
import { courier } from "./courier.js";

const PATIENCE = 3000, GIVING_UP = 30000, REST = 250; // milliseconds
const BUSY = "No answer yet: the kernel is busy, or gone. What is newest goes on when it answers.";

/**
 * The way to Python: `offer(make)` sends what make() gives, once the one before is answered.
 * `lost` is called when nothing comes for long, `answered` with the time of sending.
 */
export function connect(model, status, lost, answered) {
  let patience = 0, giving = 0, rest = 0, sentAt = 0;
  const post = courier(({ content, bytes }, which) => {
    sentAt = performance.now();
    clearTimeout(patience);
    clearTimeout(giving);
    patience = setTimeout(() => { status.textContent = BUSY; }, PATIENCE);
    giving = setTimeout(lost, GIVING_UP);
    model.send({ ...content, number: which }, undefined, bytes ? [bytes.buffer ?? bytes] : []);
  });
  const told = (message) => {
    if (message?.kind !== "seen") return;
    clearTimeout(patience);
    clearTimeout(giving);
    if (status.textContent === BUSY) status.textContent = model.get("problem");
    answered(sentAt);
    post.arrived(message.number);
    clearTimeout(rest);
    if (!post.busy) rest = setTimeout(() => model.send({ kind: "rest" }), REST);
  };
  model.on("msg:custom", told);
  return {
    offer(make) { clearTimeout(rest); post.offer(make); },
    close() { model.off("msg:custom", told); for (const timer of [patience, giving, rest]) clearTimeout(timer); },
  };
}
