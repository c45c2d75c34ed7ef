/** How an entity's part goes on, and what a step is told. */
import { describe, expect, it } from "vitest";
import { addItemErrors, failEntity, nextPhase, readWithout, replaceEntity } from "#shared/roster/entity-read.ts";
import {
  type EntityRead,
  isRead,
  mostItemErrors,
  parseRosterId,
  readStates,
  unreadConnection,
  unreadEntity,
} from "#shared/roster/roster.ts";
import { readStepInput } from "#shared/roster/step-input.ts";
import { newConnectionId, newCustomerId, noon } from "../../support/builders.ts";

const waited: EntityRead = {
  ...{ ...unreadEntity("entity-1"), tries: 3, waitingFor: "finch", waitUntil: noon, notReadySince: noon },
  ...{ untold: 4, itemTries: 2, pages: 5, people: 500, pagePeople: 70 },
};
const rested = { tries: 0, waitingFor: null, waitUntil: null, notReadySince: null };

describe("an entity's part", () => {
  it("begins with the first page of its directory, and a connection's with nothing known", () => {
    expect(unreadEntity(null)).toEqual({
      ...{ entityId: null, state: "reading", reason: null, pages: 0, phase: "directory", people: 0, pagePeople: 0 },
      ...{ isLastPage: false, untold: 0, itemTries: 0, missing: {}, ...rested },
    });
    const id = newConnectionId();
    expect(unreadConnection(id)).toEqual({
      ...{ connectionId: id, state: "waiting", reason: null, entities: [], itemErrors: [], itemErrorCount: 0 },
      ...{ version: 0, leaseUntil: null },
    });
    const over = readStates.filter((state) => isRead({ ...unreadConnection(id), state }));
    expect(over).toEqual(["complete", "incomplete", "failed"]);
  });

  it("reads of each page the directory, then individuals, then employments, and waits for nothing that was before", () => {
    const individual = nextPhase(waited);
    expect(individual).toEqual({ ...waited, ...rested, untold: 0, itemTries: 0, phase: "individual" });
    const employment = nextPhase(individual);
    expect(employment).toEqual({ ...individual, phase: "employment" });
    const next = { ...employment, phase: "directory", pages: 6, people: 570, pagePeople: 0, isLastPage: false };
    expect(nextPhase(employment)).toEqual({ ...next, state: "reading" });
    expect(nextPhase({ ...employment, isLastPage: true })).toEqual({ ...next, state: "complete" });
  });

  it("goes on without what cannot be read of its people, on this page and on the next", () => {
    const individual: EntityRead = { ...waited, phase: "individual" };
    const without = readWithout(individual, "not_granted");
    expect(without).toMatchObject({ ...rested, phase: "employment", missing: { individual: "not_granted" } });
    const neither = readWithout(without, "not_supported");
    expect(neither.missing).toEqual({ individual: "not_granted", employment: "not_supported" });
    expect(neither).toMatchObject({ phase: "directory", pages: 6, people: 570, state: "reading" });
    expect(nextPhase(neither)).toMatchObject({ phase: "directory", pages: 7 });
    expect(nextPhase({ ...without, phase: "directory" })).toMatchObject({ phase: "employment" });
  });

  it("waits for nothing when it has failed, and takes its own place only", () => {
    const failed = failEntity(waited, "not_ready");
    expect(failed).toEqual({ ...waited, ...rested, state: "failed", reason: "not_ready" });
    const [one, other] = [unreadEntity("one"), unreadEntity("other")];
    const read = { ...unreadConnection(newConnectionId()), entities: [one, other] };
    expect(replaceEntity(read, 1, failed)).toEqual({ ...read, entities: [one, failed] });
  });
});

it("of people whom Finch does not tell, the first fifty are kept and all are counted", () => {
  const untold = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...{ individualId: `one-${from + at}`, kind: "untold" as const, error: "individual_not_found", passes: false },
    }));
  const read = unreadConnection(newConnectionId());
  const some = addItemErrors(read, { ...waited, phase: "individual" }, untold(0, 49));
  expect(some.itemErrors[0]).toEqual({
    ...{ entityId: "entity-1", individualId: "one-0", product: "individual", error: "individual_not_found" },
  });
  expect([some.itemErrors.length, some.itemErrorCount]).toEqual([49, 49]);
  const more = addItemErrors(some, { ...waited, phase: "employment" }, untold(49, 2));
  const kept = Array.from({ length: mostItemErrors }, (_, at) => `one-${at}`);
  expect(more.itemErrors.map(({ individualId }) => individualId)).toEqual(kept);
  expect([more.itemErrors.at(-1)?.product, more.itemErrorCount]).toEqual(["employment", 51]);
});

describe("a step", () => {
  const id = "0f8fad5b-d9cb-469f-a165-70867728950e";
  const [customer, connection] = [newCustomerId(), newConnectionId()];
  const input = { step: "read", customer_id: customer, roster_id: id, connection_id: connection };

  it("is told ids", () => {
    const expected = { step: "read", customerId: customer, rosterId: id };
    expect(readStepInput(input)).toEqual({ ...expected, connectionId: connection });
    expect(readStepInput({ ...input, connection_id: undefined })).toEqual({ ...expected, connectionId: undefined });
  });

  it.each([
    null,
    undefined,
    "text",
    {},
    { ...input, customer_id: "" },
    { ...input, customer_id: "a b" },
    { ...input, roster_id: undefined },
    { ...input, roster_id: `${id}0` },
  ])("that names no roster is none: %j", (none) => {
    expect(() => readStepInput(none)).toThrow(new TypeError("a step names no roster"));
  });

  it.each([`x${id}`, `${id}x`, id.toUpperCase(), id.replaceAll("-", ""), id.slice(1), "", `${id.slice(0, -1)}g`])(
    "knows a roster's id by its form: %j has another",
    (text) => {
      expect(parseRosterId(id)).toBe(id);
      expect(parseRosterId(text)).toBeUndefined();
    },
  );
});
