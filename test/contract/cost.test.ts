/** What `npm run cost` counts, and that `docs/cost.md` says so. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { withSections } from "../../local/evidence/sections.ts";
import { root } from "../../local/stack/places.ts";
import { totalOf } from "../cost/bill.ts";
import { type CostReport, createReport } from "../cost/report.ts";
import { sectionsOf } from "../cost/sections.ts";

describe("what a call costs", () => {
  let report: CostReport;
  beforeAll(async () => {
    report = await createReport();
  }, 180_000);

  it("is what docs/cost.md says; if not, `npm run cost -- --write` writes it", () => {
    const written = readFileSync(join(root, "docs/cost.md"), "utf8");
    expect(withSections(written, sectionsOf(report))).toBe(written);
  });

  it.each(["kms", "secrets-manager"] as const)("comes from the calls that were made, with %s", (store) => {
    const { asked, flows } = report.stores[store].counted;
    const calls = Object.fromEntries(Object.entries(asked).map(([name, of]) => [name, of.calls]));
    const seal = store === "kms" ? ["kms.Encrypt"] : ["kms.Encrypt", "secrets-manager.CreateSecret"];
    expect(calls).toEqual({
      "list-connections": ["dynamodb.Query"],
      "get-connection": ["dynamodb.GetItem"],
      "receive-connect-callback": ["lambda.Invoke"],
      "exchange-authorization-code": [
        // The leave to send, and the session's beginning.
        "dynamodb.UpdateItem",
        "dynamodb.UpdateItem",
        "finch.POST /auth/token",
        ...seal,
        "dynamodb.TransactWriteItems",
      ],
    });
    // Four writes of a transaction and one before it, no read.
    expect(flows["callback and exchange"]).toMatchObject({ readUnits: 0, kmsRequests: 1, invocations: 2 });
    expect(flows["get a connection"]).toMatchObject({ readUnits: 1, writeUnits: 0, gatewayRequests: 1 });
  });

  it("is the sum of its parts, and ten thousand secrets are what tells the stores apart", () => {
    const { kms, "secrets-manager": secrets } = report.stores;
    for (const { total, ...parts } of Object.values(kms.perMillion)) expect(totalOf(parts)).toBeCloseTo(total, 9);
    const kept = (rows: readonly { readonly dollars: number }[]) => rows.reduce((sum, { dollars }) => sum + dollars, 0);
    const more = kept(secrets.month.kept) - kept(kms.month.kept);
    expect([kept(kms.month.kept) < 10, more > 4_000, more < 4_010]).toEqual([true, true, true]);
  });
});
