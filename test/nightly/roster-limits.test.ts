/** A roster that needs more of Finch than a minute allows, on a stack where Finch keeps its limits. */
import { afterAll, expect, it } from "vitest";
import { recordFigure } from "../support/evidence.ts";
import { controlFinch } from "../support/finch.ts";
import { connect, createCustomer } from "../support/journey.ts";
import { startOwnStack } from "../support/own-stack.ts";
import { awaitRoster, listEmployees, startRoster } from "../support/rosters.ts";

const products = ["company", "directory", "individual", "employment", "ssn"] as const;
const people = { gusto: 500, bamboo_hr: 500, rippling: 250 } as const;
const all = 1_250;
/** By pages of 25, and one more at the end of none. */
const requests = all / 25;
/** Finch takes so many of a product in a minute. */
const perMinute = 20;

const own = await startOwnStack("kms", "redirect", "kept");
afterAll(own.remove, 60_000);

interface Counted {
  readonly requests: Readonly<Record<string, number>>;
  readonly beyond: object;
  readonly blocks: number;
}

it("waits for its turn, sends nothing beyond Finch's limits, and is whole", { timeout: 1_200_000 }, async () => {
  const customer = await createCustomer();
  for (const [provider, count] of Object.entries(people)) {
    const { connectionId } = await connect(customer, { provider, company: customer.name, input: { products } });
    await controlFinch("POST", `employers/${connectionId}`, { people: count, seed: provider });
  }
  const since = Date.now();
  const roster = await awaitRoster(customer, await startRoster(customer), 1_080_000);
  const minutes = (Date.now() - since) / 60_000;
  expect(roster).toMatchObject({ incomplete: false, individual_count: all });
  expect(await listEmployees(customer, "limit=100")).toHaveLength(roster.employee_count ?? 0);

  const counted = await controlFinch<Counted>("GET", "limits");
  expect(counted).toMatchObject({ beyond: {}, blocks: 0 });
  for (const product of ["directory", "individual", "employment"]) {
    expect(counted.requests[product], product).toBe(requests);
  }
  // It was held up by the limits, and by little else.
  expect(minutes).toBeGreaterThan(requests / perMinute - 1);
  const claim = "A roster that needs more than Finch allows in a minute waits for its turn; Finch refuses nothing";
  recordFigure("requests of each product for a roster on Finch's limits", requests, "requests", claim);
  recordFigure("requests beyond Finch's limits", 0, "requests", claim);
  recordFigure("what they took", Number(minutes.toFixed(2)), "minutes", claim);
});
