/**
 * What Perch's own code adds to the SDK's when nothing is cold: the CPU time of an invocation beside that of the same
 * requests, sent by the same clients of the SDK, whose answers nobody looks at. Requests are signed, and answers are read,
 * on both sides; the network, AWS and Finch are on neither.
 */
import { quantile } from "../../../local/bench/figures.ts";
import { printFindings, roundsAsked } from "../../../local/bench/finding.ts";
import { recordBare } from "./bare.ts";
import { cases } from "./cases.ts";
import { createClients } from "./stub-aws.ts";

/** A median of fewer says little of parts of a millisecond. */
const fewestRounds = 15;
const callsASample = 40;
const callsToWarmUp = 200;
const mostTimesBare = 1.3;

type Call = () => Promise<void>;

/** Milliseconds of CPU that one call takes. */
const cpuOf = async (call: Call): Promise<number> => {
  const before = process.cpuUsage();
  await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/**
 * Milliseconds of CPU that a call of each takes, by so many of both. They take turns at each call, and at being first, so
 * that what else the machine does meets both alike.
 */
const takeSample = async (own: Call, bare: Call, calls = callsASample) => {
  let [ownMs, bareMs] = [0, 0];
  for (let call = 0; call < calls; call += 1) {
    if (call % 2 === 0) ownMs += await cpuOf(own);
    bareMs += await cpuOf(bare);
    if (call % 2 === 1) ownMs += await cpuOf(own);
  }
  return { own: ownMs / calls, bare: bareMs / calls };
};

const measured = await Promise.all(
  cases.map(async ({ name, what, answers, over }) => {
    const clients = createClients(answers);
    const bare = await recordBare(clients, (recorded) => over(recorded)());
    return { name, what, own: over(clients), bare, samples: { own: [] as number[], bare: [] as number[] } };
  }),
);
for (const { own, bare } of measured) await takeSample(own, bare, callsToWarmUp);
for (let round = 0; round < Math.max(fewestRounds, roundsAsked()); round += 1) {
  for (const { own, bare, samples } of measured) {
    const sample = await takeSample(own, bare);
    samples.own.push(sample.own);
    samples.bare.push(sample.bare);
  }
}
printFindings(
  measured.flatMap(({ name, what, samples }) => [
    {
      name: `own-code ${name}, bare`,
      what: `CPU of the same requests by the SDK alone: ${what}`,
      unit: "ms",
      samples: samples.bare,
    },
    {
      name: `own-code ${name}`,
      what: `CPU of ${what}`,
      unit: "ms",
      samples: samples.own,
      ratio: {
        to: `own-code ${name}, bare`,
        value: quantile(samples.own, 0.5) / quantile(samples.bare, 0.5),
      },
      bar: { of: "ratio", must_be: "at most", than: mostTimesBare } as const,
    },
  ]),
);
