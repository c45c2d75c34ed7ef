/** Holds what is stored against the model. */
import { isDeepStrictEqual } from "node:util";
import { hashOf } from "#shared/connection/capability.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { Model, ModelConnection, ModelCustomer, ModelSession } from "./model.ts";
import type { Perch } from "./perch.ts";

/** A bug, or a mistake in the model: what is stored is not what must be true. */
export const wrong = (perch: Perch, sentence: string): Error =>
  new Error(`${sentence}\n  after ${perch.story.map((step, at) => `\n  ${at + 1}. ${step}`).join("")}`);

/** Everything stored, in the model's words. */
export const observe = (perch: Perch) => {
  const { memory, finch } = perch;
  const texts = new Map([...finch.tokens.keys()].map((text) => [hashOf(text), text]));
  const toModel = ({
    customerId,
    heldReason,
    disconnect,
    finchStatus,
    tokens,
    entities,
    entityDisconnects,
  }: Connection): ModelConnection => ({
    customerId,
    held: heldReason,
    ending: disconnect?.reason ?? null,
    status: finchStatus,
    tokens: tokens.map(({ fingerprint, products, entityIds }) => ({
      text: texts.get(fingerprint) ?? `unknown ${fingerprint}`,
      products,
      entityIds,
    })),
    entities: Object.fromEntries(entities.map(({ id, status }) => [id, status])),
    endingEntities: entityDisconnects.map(({ entityId }) => entityId),
  });
  return {
    connections: new Map([...memory.connections.values()].map((each) => [`${each.connectionId}`, toModel(each)])),
    customers: new Map(
      [...memory.customers.values()].map(({ customerId, mode, incarnation, deletion }): [string, ModelCustomer] => [
        customerId,
        { mode, life: Number(incarnation), isDeleting: deletion !== null },
      ]),
    ),
    sessions: new Map(
      [...memory.sessions.values()].map((each): [string, ModelSession] => [
        each.sessionId,
        {
          customerId: each.customerId,
          life: Number(each.incarnation),
          reauthenticates: each.reauthenticates,
          requireAcceptance: each.requireAcceptance,
          state: [each.status, each.outcome ?? each.failureReason].filter(Boolean).join(" "),
        },
      ]),
    ),
    tombstones: new Set(memory.tombstones.keys()),
  };
};

/** One way in which a step may have gone: what it makes of the connection, the session or the customer that it is about. */
export interface Outcome {
  readonly connections?: Readonly<Record<string, ModelConnection | undefined>>;
  readonly sessions?: Readonly<Record<string, ModelSession | undefined>>;
  readonly customers?: Readonly<Record<string, ModelCustomer | undefined>>;
  /** Connections of which a tombstone stays. */
  readonly tombstones?: readonly string[];
  /** Connections whose customer is asked to sign in again. */
  readonly prompts?: readonly string[];
  /** Keys of entities whose end is told. */
  readonly endedEntities?: readonly string[];
  /** What has ended at Finch with it. */
  readonly goneAtFinch?: readonly string[];
}

/**
 * Takes the one of these outcomes into the model that is stored.
 *
 * @throws Error if none is.
 */
export const settleOn = (model: Model, perch: Perch, outcomes: readonly Outcome[]): Outcome => {
  const stored = observe(perch);
  const isStored = ({ connections = {}, sessions = {}, customers = {} }: Outcome) =>
    Object.entries(customers).every(([id, each]) => isDeepStrictEqual(stored.customers.get(id), each)) &&
    Object.entries(connections).every(([id, each]) => isDeepStrictEqual(stored.connections.get(id), each)) &&
    Object.entries(sessions).every(([id, each]) => isDeepStrictEqual(stored.sessions.get(id), each));
  const [found, ...others] = outcomes.filter(isStored);
  if (found === undefined) {
    const ids = outcomes.flatMap(({ connections = {}, sessions = {}, customers = {} }) => [
      ...Object.keys(customers),
      ...Object.keys(connections),
      ...Object.keys(sessions),
    ]);
    const there = [...new Set(ids)].map(
      (id) => stored.connections.get(id) ?? stored.sessions.get(id) ?? stored.customers.get(id),
    );
    throw wrong(perch, `what is stored is ${show(there)}, and it must be one of ${show(outcomes)}`);
  }
  // Two that met may have come to the same in either order, with a prompt in between or without.
  for (const id of others.flatMap(({ prompts = [] }) => prompts)) model.unsure.add(id);
  for (const id of others.length > 0 ? (found.prompts ?? []) : []) model.unsure.add(id);
  const keysOf = ({ endedEntities = [] }: Outcome) => endedEntities;
  const areOfOneMind = others.every((each) => isDeepStrictEqual(keysOf(each), keysOf(found)));
  for (const key of areOfOneMind ? [] : [found, ...others].flatMap(keysOf)) model.unsure.add(key);
  apply(model, found);
  return found;
};

/** Takes an outcome into the model. */
export const apply = (
  model: Model,
  { connections = {}, sessions = {}, customers = {}, tombstones = [], prompts = [], endedEntities = [] }: Outcome,
): void => {
  for (const key of endedEntities) model.entityEnds.set(key, (model.entityEnds.get(key) ?? 0) + 1);
  for (const id of prompts) model.prompts.set(id, (model.prompts.get(id) ?? 0) + 1);
  for (const id of tombstones)
    model.lastTokens.set(
      id,
      (model.connections.get(id)?.tokens ?? []).map(({ text }) => text),
    );
  for (const [id, each] of Object.entries(connections)) {
    // Whatever comes under this id is another life.
    if (each === undefined)
      for (const pair of model.kept) if (pair.split(" and ").includes(id)) model.kept.delete(pair);
    if (each === undefined) model.connections.delete(id);
    else model.connections.set(id, each);
    if (each?.tokens.length === 0) model.expired.add(id);
  }
  for (const [id, each] of Object.entries(sessions)) {
    if (each === undefined) model.sessions.delete(id);
    else model.sessions.set(id, each);
  }
  for (const [id, each] of Object.entries(customers)) {
    if (each === undefined) model.customers.delete(id);
    else model.customers.set(id, each);
  }
  for (const id of tombstones) model.tombstones.add(id);
  // Its owner takes the tombstone's place.
  for (const id of model.tombstones) if (model.connections.has(id)) model.tombstones.delete(id);
};

/** Compares all that is stored with the model. */
export const compare = (model: Model, perch: Perch): void => {
  const stored = observe(perch);
  for (const part of ["customers", "connections", "sessions", "tombstones"] as const) {
    if (isDeepStrictEqual(stored[part], model[part])) continue;
    throw wrong(perch, `the ${part} are ${show([...stored[part]])}, and must be ${show([...model[part]])}`);
  }
  const [failure] = perch.failures;
  if (failure !== undefined) throw wrong(perch, failure);
  const [cutOff] = perch.cutOff;
  if (cutOff !== undefined) throw wrong(perch, `${cutOff} was cut off unasked`);
  const isLive = (text: string) => {
    const token = perch.finch.tokens.get(text);
    return token !== undefined && perch.finch.isLive(token);
  };
  for (const { connectionId, endedBy } of perch.finch.connections.values()) {
    // Without a token that works, nobody can tell whether it goes on.
    const isEndable = model.tombstones.has(connectionId) && model.lastTokens.get(connectionId)?.some(isLive);
    if (endedBy === "nobody" && isEndable) {
      throw wrong(perch, `${connectionId} is told to be disconnected, and Finch bills it`);
    }
  }
};

const show = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (each === undefined ? "gone" : each)).replaceAll('"', "");
