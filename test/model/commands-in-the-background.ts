/** What runs without a browser that waits: hints, queues, sweeps, and what the backend says of customers and duplicates. */
import fc from "fast-check";
import { carryOut } from "./action.ts";
import { answer } from "./actions-of-connections.ts";
import { command, customer, fault, hasConnections, pick, seldom, some } from "./command.ts";
import { makeAgain, remove, stepOfDeletion } from "./deletions.ts";
import { keep } from "./duplicates.ts";
import { deliver, report } from "./hints.ts";
import { sweep, sweepAllChecks } from "./sweeps.ts";
import { publish } from "./walk.ts";

const webhook = command(
  "a webhook",
  fc.record({ of: some, arrives: fc.constantFrom("once", "twice", "twice", "never"), fault }),
  (_, perch, { of, arrives, fault }) => deliver(perch, of, arrives, fault),
  hasConnections,
);

const reports = command(
  "the platform reports",
  fc.record({ of: some, who: customer, fault }),
  (model, perch, { of, who, fault }) => report(model, perch, pick(model.connections.keys(), of), who, fault),
  hasConnections,
);

const keeps = command(
  "keep duplicates",
  fc.record({ of: some, fault }),
  (model, perch, { of, fault }) => keep(model, perch, pick(model.connections.keys(), of), fault),
  hasConnections,
);

const removes = command(
  "delete a customer",
  fc.record({ who: customer, fault, isRare: seldom }),
  async (model, perch, drawn) => {
    if (drawn.isRare) await carryOut(model, perch, remove(drawn.who), drawn.fault);
  },
);

const stepsOfDeletions = command(
  "a step of a deletion",
  fc.record({ of: some, fault }),
  async (model, perch, drawn) => {
    const { deletions } = perch.memory;
    if (deletions.size > 0) await stepOfDeletion(model, perch, pick(deletions.keys(), drawn.of), drawn.fault);
  },
);

const makesAgain = command("make a customer again", customer, (model, perch, who) => makeAgain(model, perch, who));

const queued = command(
  "a request from the queue",
  fc.record({ of: some, isDoubled: seldom, fault }),
  async (model, perch, drawn) => {
    const { queue } = perch;
    if (queue.length === 0) return;
    const request = pick(queue, drawn.of);
    if (!drawn.isDoubled) queue.splice(queue.indexOf(request), 1);
    // The queue brings a message again whose function died.
    if (await carryOut(model, perch, answer(request), drawn.fault)) queue.push(request);
  },
);

const sweeps = command("sweep", fault, sweep);
const sweepsOfChecks = command(
  "sweep of checks",
  fc.record({ fault, isInTrial: fc.boolean() }),
  (model, perch, drawn) => sweepAllChecks(model, perch, drawn.fault, drawn.isInTrial),
);
const publishes = command("publish", fault, (_, perch, fault) => publish(perch, fault));

/** All of it. */
export const commandsInTheBackground = [
  webhook,
  reports,
  keeps,
  removes,
  stepsOfDeletions,
  makesAgain,
  queued,
  queued,
  sweeps,
  sweepsOfChecks,
  publishes,
];
