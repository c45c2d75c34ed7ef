/** Round trips that have a bar, and what a million calls would cost, from one counting. */
import { printFindings } from "../../local/bench/finding.ts";
import { createReport } from "../cost/report.ts";

const { stores } = await createReport();
const { asked } = stores.kms.counted;

const roundTrips = [
  { name: "list", function: "list-connections", most: 1, how: "exactly" },
  { name: "get", function: "get-connection", most: 1, how: "exactly" },
  { name: "exchange", function: "exchange-authorization-code", most: 4, how: "at most" },
  { name: "callback, beside the exchange", function: "receive-connect-callback", most: 1, how: "at most" },
] as const;

const stored = Object.values(stores).map(({ month, counted: { store } }) => ({
  name: `cost a month of 10,000 connections, ${store}`,
  what: `keeping 10,000 connections for a month with ${store}, at list prices (docs/cost.md)`,
  unit: "$",
  samples: [month.kept.reduce((total, { dollars }) => total + dollars, 0)],
}));

printFindings([
  ...roundTrips.map(({ name, function: folder, most, how }) => ({
    name: `round trips ${name}`,
    what: `how often one invocation of ${folder} waits for AWS or Finch, counted on the wire; calls at the same time are one: ${asked[folder]?.calls.join(", ")}`,
    unit: "round trips",
    samples: [asked[folder]?.roundTrips ?? Number.NaN],
    bar: { of: "figure", must_be: how, than: most } as const,
  })),
  ...Object.entries(stores.kms.perMillion).map(([name, { total }]) => ({
    name: `cost ${name}`,
    what: `a million of it with kms, at list prices (docs/cost.md)`,
    unit: "$",
    samples: [total],
  })),
  ...stored,
]);
