/** What was sealed and is not kept is destroyed, and nothing that a claim may have stored. */
import { describe, expect, it } from "vitest";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { type KeepGrantDependencies, keepGrant } from "#shared/connection/keep-grant.ts";
import type { Claim, ClaimRefusal } from "#shared/connection/store-ports.ts";
import { aGrant } from "../../support/builders.ts";
import { createVaultOfSecrets } from "../../support/memory/vault-of-secrets.ts";
import { createSetting } from "./setting.ts";

type Answer = ClaimRefusal | "stored" | "lost";

/** A token brought for acme, to a store that answers its claims so; and to itself after that. */
const bring = async (...answers: readonly Answer[]) => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const vault = createVaultOfSecrets();
  const claims: Claim[] = [];
  const claim: KeepGrantDependencies["connections"]["claim"] = async (asked) => {
    const answer = answers[claims.length];
    claims.push(asked);
    if (answer === "lost") throw new Error("no answer");
    if (answer === undefined || answer === "stored") return setting.connections.claim(asked);
    return { ok: false, refusal: answer };
  };
  const deps = { ...setting.deps, vault, connections: { ...setting.connections, claim } };
  const claimant = { customerId: acme, incarnation: undefined, reauthenticates: null, requireAcceptance: false };
  const deadline = new Date(setting.now().getTime() + 60_000);
  const kept = await keepGrant(deps, aGrant(), {
    claimant: { ...claimant, incarnation: `incarnation of ${acme}` },
    deadline,
  });
  const named = [...setting.memory.tokens.values()].map(({ sealed }) =>
    "secretName" in sealed ? sealed.secretName : "",
  );
  return { kept, claims, named, secrets: vault.names() };
};

const elsewhere: ClaimRefusal = { reason: "owned_elsewhere", owner: "globex" as CustomerId };

describe("a sealed token", () => {
  it("is kept when its claim is stored, at once or after others", async () => {
    for (const answers of [["stored"], [{ reason: "contention" }, "stored"], ["lost", "stored"]] as const) {
      const { kept, named, secrets } = await bring(...answers);
      expect([kept.how, secrets]).toEqual(["stored", named]);
      expect(secrets).toHaveLength(1);
    }
  });

  it("is destroyed when every claim of it was refused", async () => {
    const { kept, claims, secrets } = await bring({ reason: "contention" }, elsewhere);
    expect([kept.how, claims.length, secrets]).toEqual(["not_kept", 2, []]);
  });

  it("stays when one of its claims was not answered, though another was refused: the sweep finds out", async () => {
    for (const answers of [
      ["lost", elsewhere],
      ["lost", { reason: "contention" }, elsewhere],
    ] as const) {
      const { kept, claims, secrets } = await bring(...answers);
      expect([kept.how, secrets]).toEqual(["not_kept", [claims[0]?.token.record.tokenId]]);
    }
  });

  it("stays when it turns out to have been stored", async () => {
    const { kept, secrets } = await bring({ reason: "token_stored" });
    expect([kept.how, secrets.length]).toEqual(["stored_before", 1]);
  });

  it("changes nothing about the outcome when it cannot be destroyed", async () => {
    const { deps, createCustomer, now } = createSetting();
    const customerId = await createCustomer("acme");
    const vault = { ...deps.vault, destroy: () => Promise.reject(new Error("unreachable")) };
    const connections = { ...deps.connections, claim: async () => ({ ok: false, refusal: elsewhere }) as const };
    const claimant = { customerId, incarnation: "x", reauthenticates: null, requireAcceptance: false };
    const deadline = new Date(now().getTime() + 60_000);
    const kept = await keepGrant({ ...deps, vault, connections }, aGrant(), { claimant, deadline });
    expect(kept).toMatchObject({ how: "not_kept", decision: { reason: "connection_conflict" } });
  });
});
