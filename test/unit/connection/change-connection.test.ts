/**
 * What the platform changes of a connection: label, acceptance, discard, the wish to disconnect. It is long because the four
 * are held to the same.
 */
import { describe, expect, it } from "vitest";
import {
  acceptConnection,
  discardConnection,
  labelConnection,
  requestDisconnect,
} from "#shared/connection/change-connection.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { Sealed } from "#shared/connection/ports.ts";
import { aDisconnect, aGrant, minute, newConnectionId, nthVersion } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const createStage = async (changes: Partial<Connection> = {}, mode: "single" | "multiple" = "multiple") => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme", mode);
  const before = await setting.connect(acme, changes);
  const { connectionId } = before;
  setting.advance(minute);
  const destroyed: Sealed[] = [];
  const vault = { ...setting.vault, destroy: async (sealed: Sealed) => void destroyed.push(sealed) };
  const deps = { ...setting.deps, vault };
  /** The dependencies, where somebody else changes the connection before the next write. */
  const raced = () => {
    let isRaced = false;
    const race = async () => {
      if (isRaced) return;
      isRaced = true;
      const stored = (await setting.connections.find(acme, connectionId)) ?? expect.fail();
      await setting.connections.replace({ ...stored, username: "changed", version: stored.version + 1 }, []);
    };
    const { replace, release, remove } = setting.connections;
    const after =
      <Asked extends unknown[], Answer>(write: (...asked: Asked) => Promise<Answer>) =>
      async (...asked: Asked) => {
        await race();
        return write(...asked);
      };
    const connections = {
      ...setting.connections,
      replace: after(replace),
      release: after(release),
      remove: after(remove),
    };
    return { ...deps, connections };
  };
  const stored = () => setting.connections.find(acme, connectionId);
  const told = () => setting.events().slice(1);
  return { ...setting, acme, before, connectionId, destroyed, deps, raced, stored, told };
};
const refused = (reason: string) => ({ ok: false, refusal: { reason } });

describe("each change", () => {
  const changes = {
    acceptConnection,
    discardConnection,
    requestDisconnect,
    labelConnection:
      (deps: Parameters<typeof labelConnection>[0]) =>
      (...[customerId, connectionId]: [CustomerId, ConnectionId]) =>
        labelConnection(deps)(customerId, connectionId, { label: "new" }),
  };
  it.each(Object.entries(changes))("%s does not know a connection of another customer, or none", async (_, change) => {
    const { deps, acme, connectionId, createCustomer, memory } = await createStage({ heldReason: "wrong_account" });
    const globex = await createCustomer("globex");
    const before = structuredClone([...memory.connections]);
    expect(await change(deps)(globex, connectionId)).toEqual(refused("connection_unknown"));
    expect(await change(deps)(acme, newConnectionId())).toEqual(refused("connection_unknown"));
    expect([...memory.connections]).toEqual(before);
  });

  it.each(Object.entries(changes))("%s decides again when the connection changed meanwhile", async (_, change) => {
    const { raced, acme, connectionId, told } = await createStage({ heldReason: "wrong_account" });
    const result = await change(raced())(acme, connectionId);
    expect(result).toMatchObject({ ok: true, value: { username: "changed", version: nthVersion(3) } });
    expect(told()).toMatchObject([{ subject: { version: nthVersion(3) } }]);
  });
});

describe("a label", () => {
  it("replaces what is given, keeps the rest, and is told of", async () => {
    const { deps, acme, connectionId, before, stored, told, now } = await createStage();
    const label = labelConnection(deps);
    const first = { ...before, label: "East", updatedAt: now(), version: nthVersion(2) };
    expect(await label(acme, connectionId, { label: "East" })).toEqual({ ok: true, value: first });
    const second = { ...first, label: null, metadata: { a: "b" }, version: nthVersion(3) };
    expect(await label(acme, connectionId, { label: null, metadata: { a: "b" } })).toEqual({ ok: true, value: second });
    expect(await stored()).toEqual(second);
    expect(told().map(({ type }) => type)).toEqual(["ConnectionUpdated", "ConnectionUpdated"]);
    expect(JSON.stringify(told())).not.toContain("East");
  });
});

describe("accepting", () => {
  it("takes a held connection into use, and counts it", async () => {
    const { deps, acme, connectionId, before, stored, told, customers, now } = await createStage({
      heldReason: "acceptance_required",
    });
    // Due for a look at once, which tells whether it is a duplicate.
    const after = { ...before, heldReason: null, nextCheckAt: now(), updatedAt: now(), version: nthVersion(2) };
    expect(await acceptConnection(deps)(acme, connectionId)).toEqual({ ok: true, value: after });
    expect(await stored()).toEqual(after);
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 1 });
    expect(told()).toMatchObject([{ type: "ConnectionCreated", detail: { status: "connected" } }]);
    expect(await acceptConnection(deps)(acme, connectionId)).toEqual(refused("not_held"));
  });

  it("is refused for one in use, one that is being ended, and one too many", async () => {
    const inUse = await createStage();
    expect(await acceptConnection(inUse.deps)(inUse.acme, inUse.connectionId)).toEqual(refused("not_held"));
    const ending = await createStage({ heldReason: "wrong_account", disconnect: aDisconnect() });
    expect(await acceptConnection(ending.deps)(ending.acme, ending.connectionId)).toEqual(
      refused("connection_disconnecting"),
    );
    const full = await createStage({ heldReason: "wrong_account" }, "single");
    await full.connect(full.acme);
    expect(await acceptConnection(full.deps)(full.acme, full.connectionId)).toEqual(refused("connection_limit"));
    for (const { stored, before } of [inUse, ending, full]) expect(await stored()).toEqual(before);
  });

  it("counts once when two accept at once", async () => {
    const { deps, acme, connectionId, customers } = await createStage({ heldReason: "wrong_account" });
    const results = await Promise.all([1, 2].map(() => acceptConnection(deps)(acme, connectionId)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 1 });
  });
});

describe("discarding", () => {
  it("removes a held connection with its tokens, frees its owner, and asks Finch nothing", async () => {
    const { deps, acme, connectionId, stored, told, destroyed, memory, finch, bring, createCustomer } =
      await createStage({ heldReason: "customer_mismatch" });
    const sealed = [...memory.tokens.values()].map((token) => token.sealed);
    expect(await discardConnection(deps)(acme, connectionId)).toMatchObject({
      ok: true,
      value: { version: nthVersion(2) },
    });
    expect(await stored()).toBeUndefined();
    expect([memory.tokens.size, memory.owners.size, memory.tombstones.size]).toEqual([0, 0, 0]);
    expect(destroyed).toEqual(sealed);
    expect(told()).toMatchObject([{ type: "ConnectionUpdated", detail: { status: "discarded" } }]);
    expect(finch.calls).toEqual([]);
    // It may come to somebody else now.
    const globex = await createCustomer("globex");
    expect(await bring(globex, aGrant({ connectionId }))).toMatchObject({ status: "completed" });
  });

  it("is refused for one in use and one that is being ended, and destroys nothing", async () => {
    const inUse = await createStage();
    expect(await discardConnection(inUse.deps)(inUse.acme, inUse.connectionId)).toEqual(refused("not_held"));
    const ending = await createStage({ heldReason: "wrong_account", disconnect: aDisconnect() });
    expect(await discardConnection(ending.deps)(ending.acme, ending.connectionId)).toEqual(
      refused("connection_disconnecting"),
    );
    for (const { stored, before, destroyed } of [inUse, ending]) {
      expect(await stored()).toEqual(before);
      expect(destroyed).toEqual([]);
    }
  });

  it("does not discard what was accepted a moment before", async () => {
    const { deps, acme, connectionId, connections, stored, destroyed } = await createStage({
      heldReason: "wrong_account",
    });
    const remove: typeof connections.remove = async (...asked) => {
      await acceptConnection(deps)(acme, connectionId);
      return connections.remove(...asked);
    };
    const discard = discardConnection({ ...deps, connections: { ...connections, remove } });
    expect(await discard(acme, connectionId)).toEqual(refused("not_held"));
    expect(await stored()).toMatchObject({ heldReason: null, version: nthVersion(2) });
    expect(destroyed).toEqual([]);
  });
});

describe("asking for a disconnect", () => {
  it.each([
    ["requested", {}],
    ["discarded", { heldReason: "wrong_account" }],
  ] as const)("is remembered as %s, due at once, for %j", async (reason, changes) => {
    const { deps, acme, connectionId, before, stored, told, finch, now } = await createStage(changes);
    const disconnect = { reason, requestedAt: now(), attempts: 0, nextAttemptAt: now() };
    const after = { ...before, disconnect, updatedAt: now(), version: nthVersion(2) };
    expect(await requestDisconnect(deps)(acme, connectionId)).toEqual({ ok: true, value: after });
    expect(await stored()).toEqual(after);
    const subject = { kind: "connection", id: connectionId, version: nthVersion(2) };
    expect(told()).toMatchObject([{ type: "ConnectionUpdated", subject, detail: { status: "disconnecting" } }]);
    expect(finch.calls).toEqual([]);
  });

  it("nudges the driver once the promise is kept in the table", async () => {
    const { deps, acme, connectionId, stored } = await createStage();
    const nudged: unknown[] = [];
    const nudgeDisconnects = async (asked: unknown) => void nudged.push(asked, (await stored())?.disconnect?.reason);
    for (const _ of [1, 2]) await requestDisconnect({ ...deps, nudgeDisconnects })(acme, connectionId);
    expect(nudged).toEqual([[{ customerId: acme, connectionId }], "requested"]);
  });

  it("changes nothing a second time", async () => {
    const { deps, acme, connectionId, stored, told, advance } = await createStage();
    await requestDisconnect(deps)(acme, connectionId);
    const after = await stored();
    advance(minute);
    expect(await requestDisconnect(deps)(acme, connectionId)).toEqual({ ok: true, value: after });
    expect(await stored()).toEqual(after);
    expect(told()).toHaveLength(1);
  });
});
