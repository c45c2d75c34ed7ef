/** The rules of what becomes of a token, row by row, and the connection that comes of it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  connectionAfter,
  decideClaim,
  endOfSession,
  type Facts,
  type Keep,
  takesIntoUse,
} from "#shared/connection/claim-decision.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import { aConnection, afterNoon, aGrant, aSession, aTokenRecord } from "../../support/builders.ts";

const [acme, globex] = ["acme" as CustomerId, "globex" as CustomerId];
const session = aSession({ customerId: acme });
const inUse = aConnection({ customerId: acme });
const held = aConnection({ customerId: acme, status: "held", heldReason: "customer_mismatch" });
const full = aConnection({ customerId: acme, status: "held", heldReason: "connection_limit" });
const nothing: Facts = { owner: undefined, connection: undefined, unknownCustomer: undefined, atLimit: false };

const decide = (facts: Partial<Facts>, named: string | null = null) =>
  decideClaim(session, aGrant({ customerId: named }), { ...nothing, ...facts }, "sandbox");
const drop = (reason: string) => ({ kind: "drop", reason });
const keep = (customerId: CustomerId, to: Keep["to"], heldReason: Keep["held"]) => ({
  kind: "keep",
  customerId,
  to,
  held: heldReason,
});

describe("the decision", () => {
  it.each<[string, Partial<Facts>, string | null, unknown]>([
    ["nobody owns it, Finch names nobody", {}, null, keep(acme, undefined, null)],
    ["nobody owns it, Finch names the session's customer", {}, "acme", keep(acme, undefined, null)],
    ["nobody owns it, Finch names another", {}, "globex", keep(globex, undefined, "customer_mismatch")],
    ["Finch names one that Perch does not know", { unknownCustomer: globex }, "globex", drop("customer_mismatch")],
    ["Finch names what cannot be a customer", {}, "a/b", drop("customer_mismatch")],
    ["the session's customer is gone", { unknownCustomer: acme }, null, drop("customer_mismatch")],
    ["mode single is full", { atLimit: true }, null, keep(acme, undefined, "connection_limit")],
    [
      "mode single is full, Finch names another",
      { atLimit: true },
      "globex",
      keep(globex, undefined, "customer_mismatch"),
    ],
    ["another owns it", { owner: globex }, null, drop("connection_conflict")],
    ["another owns it, whom Finch names", { owner: globex }, "globex", drop("connection_conflict")],
    [
      "another owns it, the customer is gone",
      { owner: globex, unknownCustomer: acme },
      null,
      drop("connection_conflict"),
    ],
    ["its own", { owner: acme, connection: inUse }, null, keep(acme, inUse, null)],
    ["its own, Finch names another", { owner: acme, connection: inUse }, "globex", keep(acme, inUse, null)],
    ["its own, mode single is full", { owner: acme, connection: inUse, atLimit: true }, null, keep(acme, inUse, null)],
    ["its own, not read yet", { owner: acme }, null, keep(acme, undefined, null)],
    ["held for it", { owner: acme, connection: held }, null, keep(acme, held, null)],
    ["held for it, Finch names it", { owner: acme, connection: held }, "acme", keep(acme, held, null)],
    [
      "held for it, Finch names another",
      { owner: acme, connection: held },
      "globex",
      keep(acme, held, "customer_mismatch"),
    ],
    [
      "over the limit, Finch names another",
      { owner: acme, connection: full },
      "globex",
      keep(acme, full, "connection_limit"),
    ],
    ["held for it, full", { owner: acme, connection: held, atLimit: true }, null, keep(acme, held, "connection_limit")],
  ])("%s", (_, facts, named, decision) => {
    expect(decide(facts, named)).toEqual(decision);
  });

  it("looks at the kind of application before all else, then at the length", () => {
    const long = aGrant({ accessToken: secret("x".repeat(4097)) });
    const conflict = { ...nothing, owner: globex };
    expect(decideClaim(session, { ...long, clientType: "production" }, conflict, "sandbox")).toEqual(
      drop("wrong_client_type"),
    );
    expect(decideClaim(session, long, conflict, "sandbox")).toEqual(drop("token_too_large"));
    expect(decideClaim(session, { ...long, clientType: "production" }, conflict, "production")).toEqual(
      drop("token_too_large"),
    );
  });

  it("never keeps a token for anybody but the session's customer or the one that Finch names", () => {
    const anyCustomer = fc.constantFrom(acme, globex, "initech" as CustomerId, undefined);
    fc.assert(
      fc.property(
        fc.record({
          owner: anyCustomer,
          connection: fc.constantFrom(undefined, inUse, held, full),
          unknownCustomer: anyCustomer,
          atLimit: fc.boolean(),
        }),
        fc.option(fc.constantFrom("acme", "globex", "initech", "", "..", "a b")),
        (facts, named) => {
          const decision = decide(facts, named);
          if (decision.kind === "drop") return;
          expect([acme, named ?? acme]).toContain(decision.customerId);
          expect(facts.unknownCustomer).not.toBe(decision.customerId);
          if (decision.customerId !== acme) {
            expect(decision).toMatchObject({ held: "customer_mismatch", to: undefined });
            // Owned by the session's customer and not read yet: the claim's condition refuses that one.
            expect([undefined, acme]).toContain(facts.owner);
          }
        },
      ),
    );
  });
});

describe("what a kept token does", () => {
  it.each<[string, Keep["to"], Keep["held"], boolean, unknown]>([
    ["new", undefined, null, true, { status: "completed", outcome: "connected" }],
    [
      "new and held for another",
      undefined,
      "customer_mismatch",
      false,
      { status: "failed", reason: "connection_conflict" },
    ],
    ["new and over the limit", undefined, "connection_limit", false, { status: "failed", reason: "connection_limit" }],
    ["in use", inUse, null, false, { status: "completed", outcome: "known" }],
    ["held until now", held, null, true, { status: "completed", outcome: "connected" }],
    ["held on", held, "customer_mismatch", false, { status: "failed", reason: "connection_conflict" }],
  ])("to a connection that is %s", (_, to, heldReason, comesIntoUse, end) => {
    const kept: Keep = { kind: "keep", customerId: acme, to, held: heldReason };
    expect(takesIntoUse(kept)).toBe(comesIntoUse);
    expect(endOfSession(kept)).toEqual(end);
  });

  const token = aTokenRecord({ entityIds: ["entity-2"] });
  const grant = aGrant({ entityIds: ["entity-2", "entity-1", "entity-2"], companyId: "of the grant" });
  const now = afterNoon(1_000);

  it("makes a new connection of what Finch said", () => {
    const kept: Keep = { kind: "keep", customerId: acme, to: undefined, held: null };
    expect(connectionAfter(kept, grant, token, now)).toEqual({
      customerId: acme,
      connectionId: grant.connectionId,
      providerId: grant.providerId,
      status: "connected",
      heldReason: null,
      clientType: "sandbox",
      connectionType: "provider",
      companyId: "of the grant",
      entities: ["entity-2", "entity-1"].map((id) => ({ id, name: null, sourceId: null, status: null })),
      authenticationMethods: [],
      username: null,
      lastSuccessfulSync: null,
      tokens: [token],
      introspectedAt: null,
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
  });

  it("adds to a connection, and keeps what was known of it", () => {
    const kept: Keep = { kind: "keep", customerId: acme, to: inUse, held: null };
    expect(connectionAfter(kept, grant, token, now)).toEqual({
      ...inUse,
      entities: [...inUse.entities, { id: "entity-2", name: null, sourceId: null, status: null }],
      tokens: [...inUse.tokens, token],
      updatedAt: now,
      version: 2,
    });
  });

  it("heals a connection that was in trouble, and learns its company where none was known", () => {
    const to = { ...inUse, status: "reauth", companyId: null };
    const after = connectionAfter({ kind: "keep", customerId: acme, to, held: null }, grant, token, now);
    expect(after).toMatchObject({ status: "connected", companyId: "of the grant" });
  });
});
