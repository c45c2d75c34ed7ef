/** The connection that comes of a kept token, and whether it counts from then on. */
import { describe, expect, it } from "vitest";
import { connectionAfter, type Keep, takesIntoUse } from "#shared/connection/claim-decision.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { aConnection, aDisconnect, afterNoon, aGrant, aTokenRecord, nthVersion } from "../../support/builders.ts";

const acme = "acme" as CustomerId;
const inUse = aConnection({ customerId: acme });
const held = aConnection({ customerId: acme, heldReason: "customer_mismatch" });
const ending = aConnection({ customerId: acme, disconnect: aDisconnect() });
const token = aTokenRecord({ entityIds: ["entity-2"] });
const grant = aGrant({ entityIds: ["entity-2", "entity-1", "entity-2"], companyId: "of the grant" });
const now = afterNoon(1_000);

const keep = (changes: Partial<Keep> = {}): Keep => ({
  kind: "keep",
  customerId: acme,
  to: undefined,
  held: null,
  oneTooMany: false,
  end: { status: "completed", outcome: "connected" },
  ...changes,
});

describe("a kept token", () => {
  it.each<[string, Partial<Keep>, boolean]>([
    ["new", {}, true],
    ["new and held", { held: "acceptance_required" }, false],
    ["new and one too many", { oneTooMany: true }, false],
    ["in use", { to: inUse }, false],
    ["held until now", { to: held }, true],
    ["held on", { to: held, held: "customer_mismatch" }, false],
    ["being ended", { to: ending }, false],
  ])("of a connection that is %s takes it into use, or does not", (_, changes, comesIntoUse) => {
    expect(takesIntoUse(keep(changes))).toBe(comesIntoUse);
  });

  it("makes a new connection of what Finch said", () => {
    expect(connectionAfter(keep(), grant, token, now)).toEqual({
      customerId: acme,
      connectionId: grant.connectionId,
      providerId: grant.providerId,
      finchStatus: "connected",
      heldReason: null,
      disconnect: null,
      entityDisconnects: [],
      possibleDuplicates: [],
      keptDuplicates: [],
      employers: [],
      label: null,
      metadata: {},
      clientType: "sandbox",
      connectionType: "provider",
      companyId: "of the grant",
      entities: ["entity-2", "entity-1"].map((id) => ({ id, name: null, sourceId: null, status: null })),
      authenticationMethods: [],
      username: null,
      lastSuccessfulSync: null,
      tokens: [token],
      introspectedAt: null,
      nextCheckAt: now,
      createdAt: now,
      updatedAt: now,
      version: now.getTime(),
    });
  });

  it("makes one that is to be ended at once when it is one too many", () => {
    expect(connectionAfter(keep({ oneTooMany: true }), grant, token, now)).toMatchObject({
      heldReason: null,
      disconnect: { reason: "connection_limit", requestedAt: now, attempts: 0, nextAttemptAt: now },
    });
  });

  it("adds to a connection, and keeps what was known of it", () => {
    expect(connectionAfter(keep({ to: inUse }), grant, token, now)).toEqual({
      ...inUse,
      // How they are is not known any more: the customer has just signed in.
      entities: [
        ...inUse.entities.map((each) => ({ ...each, status: null })),
        { id: "entity-2", name: null, sourceId: null, status: null },
      ],
      tokens: [...inUse.tokens, token],
      nextCheckAt: now,
      updatedAt: now,
      version: nthVersion(2),
    });
  });

  it("goes on ending a connection that is being ended", () => {
    const after = connectionAfter(keep({ to: ending }), grant, token, now);
    expect(after.disconnect).toEqual(ending.disconnect);
  });

  it("takes a held connection into use, or leaves it held, as was decided", () => {
    expect(connectionAfter(keep({ to: held }), grant, token, now).heldReason).toBeNull();
    const after = connectionAfter(keep({ to: held, held: "customer_mismatch" }), grant, token, now);
    expect(after.heldReason).toBe("customer_mismatch");
  });

  it("heals a connection that was in trouble, and learns its company where none was known", () => {
    const to = { ...inUse, finchStatus: "reauth", companyId: null };
    const after = connectionAfter(keep({ to }), grant, token, now);
    expect(after).toMatchObject({ finchStatus: "connected", companyId: "of the grant" });
  });
});
