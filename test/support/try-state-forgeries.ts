/** Tries forged ways back from Connect, batch by batch, each with the genuine ones among them. */
import { setImmediate } from "node:timers/promises";
import { audit } from "./auditor.ts";
import { minute } from "./builders.ts";
import { createForgeryWorld, sessionMinutes } from "./forgery-world.ts";
import { createRandom } from "./random.ts";
import {
  type Genuine,
  genuineCallback,
  genuineEmbedded,
  type Scene,
  type Way,
  waysAgain,
  waysBefore,
  waysLate,
} from "./state-forgeries.ts";

/** What came of all batches. */
export interface ForgeriesTried {
  /** How many of each kind. */
  readonly tried: Readonly<Record<string, number>>;
  /** The genuine ones that were let in. */
  readonly controls: number;
  /** What should not be, in sentences; nothing when all is well. */
  readonly wrong: readonly string[];
}

/** All kinds. */
export const kindsOfStateForgeries: readonly string[] = [
  ...new Set([...waysBefore, ...waysLate, ...waysAgain].map(({ kind }) => kind)),
];

/** Every way in turn, batch after batch. */
const inTurn = (ways: readonly Way[]) => {
  let next = 0;
  return (count: number): readonly Way[] =>
    Array.from({ length: count }, () => {
      const way = ways[next % ways.length];
      next += 1;
      if (way === undefined) throw new RangeError("there is no way");
      return way;
    });
};

/** Tries at least so many; what is picked follows from the seed. */
export const tryStateForgeries = async (atLeast: number, seed: number): Promise<ForgeriesTried> => {
  const tried: Record<string, number> = {};
  const wrong: string[] = [];
  let [total, controls] = [0, 0];
  const [before, late, again] = [inTurn(waysBefore), inTurn(waysLate), inTurn(waysAgain)];
  const random = createRandom(seed);

  for (let batch = 0; total < atLeast; batch += 1) {
    const world = createForgeryWorld(seed + batch);
    const [customer, other] = [await world.createCustomer("victim"), await world.createCustomer("stranger")];
    const victim = await world.openInBrowser(customer);
    const scene: Scene = {
      victim,
      scanner: await world.openAgain(victim),
      stranger: await world.openInBrowser(other),
      embedded: await world.startEmbedded(customer),
      strangerEmbedded: await world.startEmbedded(other),
    };
    const { stranger, embedded } = scene;
    const secrets = [customer, other, victim.connectionId, stranger.connectionId, embedded.connectionId];

    const attackWith = async (ways: readonly Way[], when: string) => {
      for (const { kind, forge } of ways) {
        const attempt = forge(scene, random);
        const fault = await world.attack(attempt, secrets);
        tried[kind] = (tried[kind] ?? 0) + 1;
        total += 1;
        if (fault !== undefined) wrong.push(`${kind}, ${when}: ${JSON.stringify(attempt)} ${fault}`);
      }
    };
    const isLetIn = (is: boolean, what: string) => {
      if (is) controls += 1;
      else wrong.push(`batch ${batch}: ${what}`);
    };
    const callBack = async (genuine: Genuine, status: string) => {
      const { statusCode, headers } = await world.send(genuineCallback(genuine));
      const back = new URL(headers["location"] ?? "", "https://perch.example").searchParams;
      const cameBack = back.get("status") === status && back.get("connection_id") === genuine.connectionId;
      isLetIn(statusCode === 303 && cameBack, `the genuine callback is answered with ${statusCode}`);
    };

    await attackWith(before(14), "before");
    const passing = world.now();
    world.advance(sessionMinutes * minute + random.below(1_000));
    await attackWith(late(2), "after the session's time");
    world.setNow(passing);
    // Nobody got through, and nothing was spoilt: the right one still does. While Finch thinks, others try again.
    const release = world.holdFinch();
    const [first, posted] = [world.send(genuineCallback(victim)), world.send(genuineEmbedded(embedded))];
    for (let turns = 0; turns < 1_000 && world.sent() < 2; turns += 1) await setImmediate();
    if (world.sent() === 2) await attackWith(again(4), "during the exchange");
    const meanwhile = await world.send(genuineCallback(victim));
    isLetIn(
      meanwhile.headers["location"]?.startsWith("/connect/pending/") === true,
      "its own repetition does not wait",
    );
    release();
    isLetIn((await first).statusCode === 303, "the genuine callback is refused");
    await callBack(victim, "connected");
    const { statusCode, body } = await posted;
    isLetIn(statusCode === 201 && body.includes(embedded.connectionId), `the embedded code gets ${statusCode}`);
    await attackWith(again(6), "after the exchange");
    await callBack(victim, "connected");
    await callBack(stranger, "connected");
    // With the sweep, which publishes.
    await world.pass(10);
    const complaints = await audit(world, { mayLoseToken: false, mayLeaveSecret: false });
    wrong.push(...complaints.map((complaint) => `batch ${batch}: ${complaint}`));
  }
  return { tried, controls, wrong };
};
