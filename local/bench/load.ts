import { quantile } from "./figures.ts";
import type { Finding } from "./finding.ts";

/** Something that is asked for again and again. */
export interface Asking {
  readonly name: string;
  readonly what: string;
  /** Asks once, and waits for the answer. @throws when it is not the expected one. */
  readonly ask: () => Promise<unknown>;
}

/** How it went: every answer was the expected one. */
export interface Load {
  /** Milliseconds, each. */
  readonly latencies: readonly number[];
  readonly seconds: number;
}

/** Asks so often, so many at a time; each asks anew as soon as it has its answer. */
export const putUnderLoad = async (ask: () => Promise<unknown>, count: number, atOnce: number): Promise<Load> => {
  const latencies: number[] = [];
  let left = count;
  const since = performance.now();
  const keepAsking = async () => {
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      await ask();
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, keepAsking));
  return { latencies, seconds: (performance.now() - since) / 1_000 };
};

/** Requests a second, median and 99th percentile; each beside the baseline's under the same load. */
export const toLoadFindings = (
  { name, what }: Omit<Asking, "ask">,
  atOnce: number,
  load: Load,
  baseline: { readonly name: string; readonly load: Load },
): readonly Finding[] => {
  const figures = {
    "requests/s": ({ latencies, seconds }: Load) => latencies.length / seconds,
    "p50 ms": ({ latencies }: Load) => quantile(latencies, 0.5),
    "p99 ms": ({ latencies }: Load) => quantile(latencies, 0.99),
  };
  return Object.entries(figures).map(([figure, of]) => {
    const [word = "", unit = word] = figure.split(" ");
    return {
      name: `load ${name}, ${atOnce} at once: ${word}`,
      what: `${what}, ${atOnce} at once, ${load.latencies.length} in all, through the local gateway`,
      unit,
      samples: [of(load)],
      ratio: { to: baseline.name, value: of(load) / of(baseline.load) },
    };
  });
};
