/**
 * What each function's role may do where it is deployed, tried: with credentials of the role, every action that any role has
 * and those that would give more, on everything there is. What the table of permissions grants is let through, and all else
 * is refused.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiClient } from "../../local/stack/api-client.ts";
import { tokenStores } from "../../local/stack/options.ts";
import { isAllowed } from "../cdk/policy-decision.ts";
import { recordFigure } from "../support/evidence.ts";
import type { Attempt } from "../support/least-privilege/attempt.ts";
import { attemptsOn } from "../support/least-privilege/attempts.ts";
import {
  askAws,
  assumeRole,
  callAws,
  form,
  isRefused,
  json,
  readElements,
} from "../support/least-privilege/call-aws.ts";
import { type Deployed, readDeployed } from "../support/least-privilege/deployed.ts";
import { readGranted } from "../support/least-privilege/granted.ts";
import { type OwnStack, startOwnStack } from "../support/own-stack.ts";
import { readStack } from "../support/stack.ts";

const atOnce = 8;

/** How many attempts were refused and let through, and each that should have gone the other way. */
interface Tally {
  readonly refused: number;
  readonly letThrough: number;
  readonly wrong: readonly string[];
}

describe.each(tokenStores)("a function's role on a stack with the token store %s", (tokenStore) => {
  const granted = readGranted(tokenStore);
  let stack: OwnStack | undefined;
  let deployed: Deployed;
  let attempts: readonly Attempt[];
  beforeAll(async () => {
    stack = await startOwnStack(tokenStore);
    deployed = await readDeployed(tokenStore);
    attempts = attemptsOn(deployed);
  }, 600_000);
  afterAll(() => stack?.remove(), 60_000);

  const isGranted = (name: string, { calls }: Attempt) =>
    calls.every((call) => isAllowed(granted.get(name) ?? [], call));

  /** Tries with the role what the condition picks. */
  const tryAs = async (name: string, isPicked: (attempt: Attempt) => boolean = () => true): Promise<Tally> => {
    const credentials = await assumeRole(deployed.arnOf(`${name}/Role`));
    const left = attempts.filter(isPicked);
    const tally = { refused: 0, letThrough: 0, wrong: [] as string[] };
    const work = async () => {
      for (let attempt = left.shift(); attempt !== undefined; attempt = left.shift()) {
        const answer = await callAws(attempt.request, credentials);
        const refused = isRefused(answer);
        tally[refused ? "refused" : "letThrough"] += 1;
        if (refused === isGranted(name, attempt)) {
          tally.wrong.push(`${name}: ${attempt.name} is ${refused ? "refused" : "let through"}: ${answer.text}`);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return tally;
  };

  it("does what the table of permissions grants, and is refused everything else that is tried", async () => {
    expect(deployed.functions.toSorted()).toEqual([...granted.keys()].toSorted());
    const tallies: Tally[] = [];
    for (const name of deployed.functions) tallies.push(await tryAs(name));
    expect(tallies.flatMap(({ wrong }) => wrong).slice(0, 20)).toEqual([]);
    const refused = tallies.reduce((sum, each) => sum + each.refused, 0);
    const letThrough = tallies.reduce((sum, each) => sum + each.letThrough, 0);
    process.stdout.write(
      `${tokenStore}: ${tallies.length} roles × ${attempts.length} attempts, ${refused} refused, ${letThrough} granted\n`,
    );
    expect(attempts.length).toBeGreaterThan(450);
    expect(letThrough).toBeGreaterThan(tallies.length);
    const claim = "Each function's role is refused everything that its policy does not grant";
    recordFigure(`attempts of ${tallies.length} roles refused, ${tokenStore}`, refused, "attempts", claim);
  });

  it("is tried with each thing that it is granted", () => {
    const untried = [...granted].flatMap(([name, statements]) =>
      statements
        .flatMap(({ actions, ...statement }) => actions.map((action) => ({ ...statement, actions: [action] })))
        .filter((statement) => !attempts.some(({ calls }) => calls.some((call) => isAllowed([statement], call))))
        .map(({ actions, resources }) => `${name}: ${actions} on ${resources}`),
    );
    expect(untried).toEqual([]);
  });

  it("is what its function calls with: without its policy the function can do nothing", async () => {
    const api = await createApiClient(readStack());
    await api.call("PUT", "/v1/customers/acme", { name: "Acme Bakery" });
    const RoleName = deployed.idOf("get-customer/Role");
    const [PolicyName = ""] = readElements(await askAws(form("iam", "ListRolePolicies", { RoleName })), "member");
    const policy = { RoleName, PolicyName };
    const [document = ""] = readElements(await askAws(form("iam", "GetRolePolicy", policy)), "PolicyDocument");
    await askAws(form("iam", "DeleteRolePolicy", policy));
    await expect(api.call("GET", "/v1/customers/acme")).rejects.toThrow("answered 500");
    await askAws(form("iam", "PutRolePolicy", { ...policy, PolicyDocument: decodeURIComponent(document) }));
    expect(await api.call("GET", "/v1/customers/acme")).toMatchObject({ name: "Acme Bakery" });
  });

  describe("that is given too much", () => {
    /** Gives the role one more policy while it is tried. */
    const tryWith = async (name: string, statement: object, isPicked: (attempt: Attempt) => boolean) => {
      const policy = { RoleName: deployed.idOf(`${name}/Role`), PolicyName: "a-mistake" };
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
      await askAws(form("iam", "PutRolePolicy", { ...policy, PolicyDocument }));
      try {
        return (await tryAs(name, isPicked)).wrong;
      } finally {
        await askAws(form("iam", "DeleteRolePolicy", policy));
      }
    };
    const isOf =
      (service: string) =>
      ({ calls }: Attempt): boolean =>
        calls.every(({ action }) => action.startsWith(`${service}:`));

    it("is found: it may scan", async () => {
      const statement = { Action: "dynamodb:Scan", Resource: deployed.arnOf("ConnectionTable/Table") };
      const wrong = await tryWith("get-customer", statement, isOf("dynamodb"));
      expect(wrong).toEqual([expect.stringContaining("Scan on ConnectionTable/Table is let through")]);
    });

    it("is found: the condition on the kinds of items is left out", async () => {
      const statement = { Action: "dynamodb:GetItem", Resource: deployed.arnOf("ConnectionTable/Table") };
      const wrong = await tryWith("get-customer", statement, isOf("dynamodb"));
      expect(wrong.join("\n")).toContain("get-customer: GetItem of TOKENS is let through");
      expect(wrong.join("\n")).toContain("get-customer: GetItem on ConnectionTable/Table without a key is let through");
    });

    it("is found: the condition on the encryption context is left out, and the key's own policy does not ask for it", async () => {
      const KeyId = deployed.arnOf("TokenKey/Key");
      const statement = { Action: "kms:Decrypt", Resource: KeyId };
      // The key refuses those by itself.
      expect(await tryWith("get-access-token", statement, isOf("kms"))).toEqual([]);
      const read = json("kms", "TrentService.GetKeyPolicy", { KeyId, PolicyName: "default" });
      const { Policy } = JSON.parse(await askAws(read));
      const { Statement, ...policy } = JSON.parse(Policy);
      const put = (document: string) =>
        askAws(json("kms", "TrentService.PutKeyPolicy", { KeyId, PolicyName: "default", Policy: document }));
      await put(
        JSON.stringify({
          ...policy,
          Statement: Statement.filter(({ Effect }: { Effect: string }) => Effect !== "Deny"),
        }),
      );
      try {
        const wrong = await tryWith("get-access-token", statement, isOf("kms"));
        for (const context of ["the customer only", "the connection only", "other names", "no context"]) {
          expect(wrong.join("\n")).toContain(`kms:Decrypt on TokenKey/Key, ${context} is let through`);
        }
        expect(wrong).toHaveLength(4);
      } finally {
        await put(Policy);
      }
    });
  });
});
