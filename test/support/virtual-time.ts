import { noon } from "./builders.ts";

/** Time that moves on to the next thing that waits for it, when nothing else is to be done. It begins at noon. */
export const createVirtualTime = () => {
  let nowMs = noon.getTime();
  const waiting: { readonly at: number; readonly wake: () => void }[] = [];
  const sleep = (milliseconds: number) =>
    new Promise<void>((wake) => void waiting.push({ at: nowMs + Math.max(0, milliseconds), wake }));
  /** Moves on to what is due next, if that is by `endMs`; false where nothing is. */
  const step = async (endMs = Number.POSITIVE_INFINITY): Promise<boolean> => {
    await new Promise((resolve) => setImmediate(resolve));
    const next = waiting.reduce((first, each, index) => (each.at < (waiting[first]?.at ?? 0) ? index : first), 0);
    const [due] = waiting.splice(next, 1);
    if (due === undefined || due.at > endMs) return false;
    nowMs = due.at;
    due.wake();
    return true;
  };
  const runUntil = async (endMs: number) => {
    while (await step(endMs));
  };
  /** Lets time pass until this has come to its end. @throws what it throws, and when it waits for nothing. */
  const run = async <Value>(work: Promise<Value>): Promise<Value> => {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return work;
      if (!(await step())) throw new Error("nothing is waited for, and nothing ends");
    }
  };
  return { nowMs: () => nowMs, sleep, runUntil, run };
};
