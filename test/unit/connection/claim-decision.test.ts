/**
 * The rules of what becomes of a token: the table, row by row in its order, and what holds for all that may be true. The
 * file is long because the table is one thing, to be read from its first row to its last.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claimant, decideClaim, type Facts, type Keep } from "#shared/connection/claim-decision.ts";
import type { SessionFailure } from "#shared/connection/connect-session.ts";
import type { Connection, HeldReason } from "#shared/connection/connection.ts";
import type { TokenGrant } from "#shared/connection/finch-port.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import { aConnection, aDisconnect, aGrant } from "../../support/builders.ts";

const [acme, globex, initech] = ["acme", "globex", "initech"] as CustomerId[] as [CustomerId, CustomerId, CustomerId];
const granted = "the-granted-one" as ConnectionId;
const another = "another-one" as ConnectionId;
const own = (changes: Partial<Connection> = {}): Connection =>
  aConnection({ customerId: acme, connectionId: granted, ...changes });
const inUse = own();
const held = (heldReason: HeldReason): Connection => ({ ...inUse, heldReason });
const ending = own({ disconnect: aDisconnect() });
const tooLong = secret("x".repeat(4097));

interface Case {
  readonly claimant?: Partial<Claimant>;
  readonly grant?: Partial<TokenGrant>;
  readonly facts?: Partial<Facts>;
}

const decide = ({ claimant, grant, facts }: Case) =>
  decideClaim(
    { customerId: acme, incarnation: "first", reauthenticates: null, requireAcceptance: false, ...claimant },
    aGrant({ connectionId: granted, ...grant }),
    {
      owner: undefined,
      connection: undefined,
      unknownCustomer: undefined,
      deletingCustomer: undefined,
      atLimit: false,
      ...facts,
    },
    "sandbox",
  );

const drop = (reason: SessionFailure) => ({ kind: "drop", reason });
const completed = (outcome: string) => ({ status: "completed", outcome });
const failed = (reason: SessionFailure) => ({ status: "failed", reason });
/** Kept for the claimant's customer as a new connection, unless it says otherwise. */
const keep = (end: object, changes: Partial<Keep> = {}) => ({
  kind: "keep",
  customerId: acme,
  to: undefined,
  held: null,
  oneTooMany: false,
  end,
  ...changes,
});
const ofOwn = (to: Connection, end: object, heldReason: HeldReason | null = to.heldReason) =>
  keep(end, { to, held: heldReason });
const has = (connection: Connection): Partial<Facts> => ({ owner: acme, connection });
const names = (customerId: string) => ({ customerId });

/** Everything from a row on that also fits: the row above it wins all the same. */
const everythingBelow = { owner: globex, unknownCustomer: initech, atLimit: true } as const;

const rows: readonly [string, readonly [string, Case, object][]][] = [
  [
    "1. another client_type than the stage's, or a token over 4 KB: dropped",
    [
      ["production", { grant: { clientType: "production" } }, drop("wrong_client_type")],
      ["and owned elsewhere", { grant: { clientType: "x" }, facts: everythingBelow }, drop("wrong_client_type")],
      ["of the claimant's own", { grant: { clientType: "x" }, facts: has(inUse) }, drop("wrong_client_type")],
      ["and too long", { grant: { clientType: "x", accessToken: tooLong } }, drop("wrong_client_type")],
      ["too long", { grant: { accessToken: tooLong } }, drop("token_too_large")],
      [
        "too long, owned elsewhere",
        { grant: { accessToken: tooLong }, facts: everythingBelow },
        drop("token_too_large"),
      ],
      ["too long, of its own", { grant: { accessToken: tooLong }, facts: has(inUse) }, drop("token_too_large")],
      ["just not too long", { grant: { accessToken: secret("x".repeat(4096)) } }, keep(completed("connected"))],
    ],
  ],
  [
    "2. another customer owns or holds it: dropped",
    [
      ["Finch names nobody", { facts: { owner: globex } }, drop("connection_conflict")],
      ["Finch names the claimant's", { grant: names(acme), facts: { owner: globex } }, drop("connection_conflict")],
      ["Finch names the owner", { grant: names(globex), facts: { owner: globex } }, drop("connection_conflict")],
      ["at the limit", { facts: { owner: globex, atLimit: true } }, drop("connection_conflict")],
      [
        "to be accepted",
        { claimant: { requireAcceptance: true }, facts: { owner: globex } },
        drop("connection_conflict"),
      ],
      [
        "signs in again",
        { claimant: { reauthenticates: granted }, facts: { owner: globex } },
        drop("connection_conflict"),
      ],
      ["the claimant's is gone", { facts: { owner: globex, unknownCustomer: acme } }, drop("connection_conflict")],
    ],
  ],
  [
    "3. the claimant's customer has it already: one more token",
    [
      ["Finch names nobody", { facts: has(inUse) }, ofOwn(inUse, completed("known"))],
      ["Finch names another", { grant: names(globex), facts: has(inUse) }, ofOwn(inUse, completed("known"))],
      ["Finch names nonsense", { grant: names("a/b"), facts: has(inUse) }, ofOwn(inUse, completed("known"))],
      ["at the limit", { facts: { ...has(inUse), atLimit: true } }, ofOwn(inUse, completed("known"))],
      [
        "to be accepted",
        { claimant: { requireAcceptance: true }, facts: has(inUse) },
        ofOwn(inUse, completed("known")),
      ],
      [
        "signs it in again",
        { claimant: { reauthenticates: granted }, facts: has(inUse) },
        ofOwn(inUse, completed("reconnected")),
      ],
      ["it is being ended", { facts: has(ending) }, ofOwn(ending, failed("connection_disconnecting"))],
      [
        "held, and its own customer brings it",
        { facts: has(held("wrong_account")) },
        ofOwn(held("wrong_account"), completed("connected"), null),
      ],
      [
        "held, and Finch names its customer",
        { grant: names(acme), facts: has(held("customer_mismatch")) },
        ofOwn(held("customer_mismatch"), completed("connected"), null),
      ],
      [
        "held, and Finch names another",
        { grant: names(globex), facts: has(held("customer_mismatch")) },
        ofOwn(held("customer_mismatch"), failed("connection_conflict")),
      ],
      [
        "held until accepted",
        { facts: has(held("acceptance_required")) },
        ofOwn(held("acceptance_required"), completed("pending")),
      ],
      [
        "held, to be accepted",
        { claimant: { requireAcceptance: true }, facts: has(held("wrong_account")) },
        ofOwn(held("wrong_account"), completed("pending")),
      ],
      [
        "held, at the limit",
        { facts: { ...has(held("wrong_account")), atLimit: true } },
        ofOwn(held("wrong_account"), failed("connection_limit")),
      ],
      [
        "held, and signed in again",
        { claimant: { reauthenticates: granted }, facts: has(held("wrong_account")) },
        ofOwn(held("wrong_account"), completed("connected"), null),
      ],
    ],
  ],
  [
    "4. Finch names another customer: held for that one, if there is such a one",
    [
      [
        "known",
        { grant: names(globex) },
        keep(failed("connection_conflict"), { customerId: globex, held: "customer_mismatch" }),
      ],
      [
        "known, at the limit",
        { grant: names(globex), facts: { atLimit: true } },
        keep(failed("connection_conflict"), { customerId: globex, held: "customer_mismatch" }),
      ],
      [
        "known, signed in again",
        { claimant: { reauthenticates: another }, grant: names(globex) },
        keep(failed("connection_conflict"), { customerId: globex, held: "customer_mismatch" }),
      ],
      ["unknown", { grant: names(globex), facts: { unknownCustomer: globex } }, drop("customer_mismatch")],
      ["being deleted", { grant: names(globex), facts: { deletingCustomer: globex } }, drop("customer_mismatch")],
      ["no customer's id", { grant: names("a/b") }, drop("customer_mismatch")],
      [
        "no customer's id, and others are gone",
        { grant: names("a/b"), facts: { unknownCustomer: globex, deletingCustomer: initech } },
        drop("customer_mismatch"),
      ],
      ["nothing", { grant: names("") }, drop("customer_mismatch")],
      ["the claimant's is gone", { facts: { unknownCustomer: acme } }, drop("customer_mismatch")],
      ["itself", { grant: names(acme) }, keep(completed("connected"))],
    ],
  ],
  [
    "5. signing in again, another connection of this customer: a token of that one, and the session fails",
    [
      ["in use", { claimant: { reauthenticates: another }, facts: has(inUse) }, ofOwn(inUse, failed("wrong_account"))],
      [
        "Finch names another",
        { claimant: { reauthenticates: another }, grant: names(globex), facts: has(inUse) },
        ofOwn(inUse, failed("wrong_account")),
      ],
      [
        "held",
        { claimant: { reauthenticates: another }, facts: has(held("acceptance_required")) },
        ofOwn(held("acceptance_required"), failed("wrong_account")),
      ],
    ],
  ],
  [
    "6. signing in again, a connection that nobody owns: held",
    [
      [
        "another one",
        { claimant: { reauthenticates: another } },
        keep(failed("wrong_account"), { held: "wrong_account" }),
      ],
      [
        "the very one, which is gone",
        { claimant: { reauthenticates: granted } },
        keep(failed("wrong_account"), { held: "wrong_account" }),
      ],
      [
        "at the limit",
        { claimant: { reauthenticates: another }, facts: { atLimit: true } },
        keep(failed("wrong_account"), { held: "wrong_account" }),
      ],
    ],
  ],
  [
    "7. a second connection in mode single: stored, then disconnected",
    [
      ["at the limit", { facts: { atLimit: true } }, keep(failed("connection_limit"), { oneTooMany: true })],
      [
        "to be accepted",
        { claimant: { requireAcceptance: true }, facts: { atLimit: true } },
        keep(failed("connection_limit"), { oneTooMany: true }),
      ],
    ],
  ],
  [
    "8. otherwise it is the customer's new connection",
    [
      ["in use", {}, keep(completed("connected"))],
      [
        "held until accepted",
        { claimant: { requireAcceptance: true } },
        keep(completed("pending"), { held: "acceptance_required" }),
      ],
      ["owned, and not read yet", { facts: { owner: acme } }, keep(completed("connected"))],
    ],
  ],
];

describe.each(rows)("%s", (_, cases) => {
  it.each(cases)("%s", (_name, given, decision) => {
    expect(decide(given)).toEqual(decision);
  });
});

describe("whatever is true", () => {
  const anyCustomer = fc.constantFrom(acme, globex, initech, undefined);
  const anything = fc.record({
    claimant: fc.record({ reauthenticates: fc.constantFrom(null, granted, another), requireAcceptance: fc.boolean() }),
    facts: fc.record({
      owner: anyCustomer,
      connection: fc.constantFrom(undefined, inUse, ending, held("customer_mismatch"), held("acceptance_required")),
      unknownCustomer: anyCustomer,
      atLimit: fc.boolean(),
    }),
    grant: fc.record({ customerId: fc.option(fc.constantFrom("acme", "globex", "initech", "", "..", "a b")) }),
  });

  it("keeps a token for the claimant's customer or the one that Finch names, and out of use for the latter", () => {
    fc.assert(
      fc.property(anything, (given) => {
        const decision = decide(given);
        if (decision.kind === "drop") return;
        const { customerId: named } = given.grant;
        expect([acme, named ?? acme]).toContain(decision.customerId);
        expect(given.facts.unknownCustomer).not.toBe(decision.customerId);
        expect([undefined, acme]).toContain(given.facts.owner);
        if (decision.customerId !== acme) expect(decision).toMatchObject({ held: "customer_mismatch", to: undefined });
      }),
    );
  });

  it("never takes a connection into use over the limit, nor against what Finch or the platform said", () => {
    fc.assert(
      fc.property(anything, (given) => {
        const decision = decide(given);
        if (decision.kind === "drop" || decision.to !== undefined) return;
        const comesIntoUse = decision.held === null && !decision.oneTooMany;
        const { requireAcceptance, reauthenticates } = given.claimant;
        if (given.facts.atLimit || requireAcceptance || reauthenticates !== null) expect(comesIntoUse).toBe(false);
        if (comesIntoUse) expect([null, "acme"]).toContain(given.grant.customerId);
        expect(comesIntoUse).toBe(decision.end.status === "completed" && decision.end.outcome === "connected");
      }),
    );
  });
});
