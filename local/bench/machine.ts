import { availableParallelism, cpus, loadavg } from "node:os";

/** Where figures were measured: without it they say nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Of the last 1, 5 and 15 minutes. */
  readonly load_average: readonly number[];
  readonly node: string;
}

/** This machine, and how busy it is now. */
export const describeMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  load_average: loadavg().map((load) => Math.round(load * 100) / 100),
  node: process.versions.node,
});
