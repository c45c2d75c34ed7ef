/** The end of a story: all trouble is over, everything that is due is done, and all that is stored must be as the model says. */
import { isDeepStrictEqual } from "node:util";
import { hashOf } from "#shared/connection/capability.ts";
import { connectionStatus } from "#shared/connection/connection.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { SealedToken } from "#shared/connection/ports.ts";
import { auditEvents } from "../support/auditor/events.ts";
import { auditOwnership } from "../support/auditor/ownership.ts";
import { auditSecrets } from "../support/auditor/tokens.ts";
import { carryOut } from "./action.ts";
import { answer } from "./actions-of-connections.ts";
import { compare, wrong } from "./compare.ts";
import { auditDeletions } from "./deletions.ts";
import { auditDuplicates } from "./duplicates.ts";
import { auditEntities } from "./entities.ts";
import { predictLook } from "./looks.ts";
import type { Model } from "./model.ts";
import type { Perch } from "./perch.ts";
import { sweep, sweepAllChecks } from "./sweeps.ts";

/** Lets time pass until nothing is under way, and audits what is there then: the same whether hints arrive or are lost. */
export const settle = async (model: Model, perch: Perch, hintsAreLost: boolean): Promise<void> => {
  perch.story.push(hintsAreLost ? "all trouble is over, and all hints are lost" : "all trouble is over");
  perch.finch.setTrouble(undefined);
  // First for leases and events, then for the longest pause, then for the interval between looks.
  for (const minutes of [30, 7 * 60, 7 * 60, 7 * 60, 25 * 60]) {
    perch.advance(minutes * 60_000);
    if (hintsAreLost) perch.queue.length = 0;
    await sweep(model, perch);
    await sweepAllChecks(model, perch);
    for (const request of perch.queue.splice(0)) await carryOut(model, perch, answer(request));
    compare(model, perch);
  }
  perch.advance(30 * 60_000);
  await sweep(model, perch);
  // Nothing that Finch would say now is news.
  for (const [connectionId, before] of model.connections) {
    const news = predictLook(model, perch, before.customerId, connectionId).right[0]?.connections?.[connectionId];
    if (!isDeepStrictEqual(news, before)) throw wrong(perch, `nobody has asked Finch about ${connectionId}`);
  }
  const [first] = await audit(model, perch);
  if (first !== undefined) throw wrong(perch, first);
};

const audit = async (model: Model, perch: Perch): Promise<string[]> => {
  const ended = [...perch.finch.connections.values()].filter(({ endedBy }) => endedBy === "perch");
  const disconnected = () => ended.map(({ connectionId }) => connectionId);
  const audited = { ...perch, finch: { issued: () => [], hasEnded: () => false, disconnected } };
  return [
    // Without any token once Finch has called all of them invalid for a week: the model knows of which.
    ...auditOwnership(audited).filter((sentence) => !sentence.endsWith("has no token")),
    ...(await auditSealing(perch)),
    ...auditSecrets(audited, { mayLoseToken: false, mayLeaveSecret: perch.hadFaults() || model.expired.size > 0 }),
    ...auditEvents(audited),
    ...auditWhatWasTold(perch),
    ...auditPrompts(model, perch),
    ...auditDuplicates(model, perch),
    ...auditDeletions(model, perch),
    ...auditEntities(model, perch),
    ...[...model.sessions].flatMap(([id, { state }]) => (state === "exchanging" ? [`${id} exchanges for ever`] : [])),
    ...[...model.connections].flatMap(([id, { ending }]) => (ending === null ? [] : [`${id} is never disconnected`])),
  ];
};

/** Each token is stored once, and opens for its own customer and connection only. */
const auditSealing = async ({ memory, vault }: Perch): Promise<string[]> => {
  const open = async ({ sealed, connectionId }: SealedToken, customerId: CustomerId) => {
    try {
      return hashOf((await vault.open(sealed, { customerId, connectionId })).reveal());
    } catch {
      return undefined;
    }
  };
  const violations: string[] = [];
  const named = new Set([...memory.connections.values()].flatMap(({ tokens }) => tokens.map(({ tokenId }) => tokenId)));
  for (const token of memory.tokens.values()) {
    const { tokenId, fingerprint } = token.record;
    if (!named.has(tokenId)) violations.push(`${tokenId} is stored, and no connection names it`);
    for (const customerId of memory.customers.keys()) {
      const opened = await open(token, customerId);
      if (customerId === token.customerId && opened !== fingerprint) violations.push(`${tokenId} does not open`);
      if (customerId !== token.customerId && opened !== undefined)
        violations.push(`${tokenId} opens for ${customerId}`);
    }
  }
  return violations;
};

/** Whoever listens to the events knows each connection's status. */
const auditWhatWasTold = ({ memory, bus }: Perch): string[] =>
  [...memory.connections.values()].flatMap((connection) => {
    const told = bus.filter(({ subject }) => subject.id === connection.connectionId);
    const last = told.toSorted((a, b) => a.subject.version - b.subject.version).at(-1);
    const status = last && "status" in last.detail ? last.detail.status : "unknown";
    return status === connectionStatus(connection)
      ? []
      : [`${connection.connectionId} is ${connectionStatus(connection)}, and was told to be ${status}`];
  });

/** A customer is asked to sign in again once each time that it is needed. */
const auditPrompts = ({ prompts, unsure }: Model, { memory, finch }: Perch): string[] =>
  [...finch.connections.keys()].flatMap((id) => {
    const told = memory.written.filter(({ type, subject }) => type === "ReauthenticationRequired" && subject.id === id);
    const needed = prompts.get(id) ?? 0;
    return told.length === needed || unsure.has(id)
      ? []
      : [`${id} needed ${needed} prompts, and there were ${told.length}`];
  });
