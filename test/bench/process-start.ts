/** How long a process of Node takes that does nothing: what machines can be compared by, where no stack is. */
import { spawnSync } from "node:child_process";
import { printFindings, roundsAsked } from "../../local/bench/finding.ts";

const takeSample = (): number => {
  const since = performance.now();
  const { status } = spawnSync(process.execPath, ["--eval", ""]);
  if (status !== 0) throw new Error(`an empty process ended with ${status}`);
  return performance.now() - since;
};

takeSample();
printFindings([
  {
    name: "process-start",
    what: "a process of Node that does nothing, start to end",
    unit: "ms",
    samples: Array.from({ length: roundsAsked() }, takeSample),
  },
]);
