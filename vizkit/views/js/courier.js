// Messages to Python, one at a time: the newest wins, and nothing queues up behind a busy kernel.

/** One message under way at a time; what was offered meanwhile is sent next, the newest only. */
export function courier(send) {
  let waiting = null, number = 0, under = 0;
  const go = () => {
    if (under || waiting === null) return;
    under = ++number;
    const make = waiting;
    waiting = null;
    send(make(), under);
  };
  return {
    offer(make) { waiting = make; go(); },
    arrived(which) { if (which === under) { under = 0; go(); } },
    get busy() { return under !== 0; },
  };
}
