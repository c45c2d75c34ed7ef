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

/** Milliseconds of CPU that a call takes, by so many one after the other. */
const takeSample = async (run: () => Promise<void>, calls = callsASample): Promise<number> => {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / calls;
};

const measured = await Promise.all(
  cases.map(async ({ name, what, answers, over }) => {
    const clients = createClients(answers);
    const bare = await recordBare(clients, (recorded) => over(recorded)());
    return { name, what, own: over(clients), bare, samples: { own: [] as number[], bare: [] as number[] } };
  }),
);
for (const { own, bare } of measured) {
  await takeSample(own, callsToWarmUp);
  await takeSample(bare, callsToWarmUp);
}
for (let round = 0; round < Math.max(fewestRounds, roundsAsked()); round += 1) {
  for (const { own, bare, samples } of measured) {
    // Each first every other time: what one leaves behind is cleared away in the other's.
    if (round % 2 === 0) samples.own.push(await takeSample(own));
    samples.bare.push(await takeSample(bare));
    if (round % 2 === 1) samples.own.push(await takeSample(own));
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
