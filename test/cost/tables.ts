import { assumedMs } from "./durations.ts";
import { connections, type MonthlyRow } from "./month.ts";
import type { CostReport, StoreReport } from "./report.ts";

/** A table: its head, its rows, and which columns are numbers. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly numeric: readonly number[];
}

const dollars = (value: number): string => (value === 0 ? "" : value < 0.005 ? "<0.01" : value.toFixed(2));
const count = (value: number): string =>
  value === 0 ? "" : Number.isInteger(value) ? `${value}` : String(Number(value.toFixed(2)));
const from = (first: number, to: number): number[] => Array.from({ length: to - first + 1 }, (_, at) => first + at);

/** Dollars for a million of each flow. */
export const perMillionTable = ({ stores }: CostReport): Table => ({
  head: [
    "flow",
    "gateway",
    "Lambda",
    "waiting for Finch",
    "DynamoDB",
    "KMS",
    "queues, bus",
    "logs",
    "data out",
    "**total, kms**",
    "**total, secrets-manager**",
  ],
  rows: Object.entries(stores.kms.perMillion).map(([name, bill]) => [
    name,
    ...[bill.gateway, bill.lambda, bill.finchWait, bill.dynamodb, bill.kms, bill.messages, bill.logs, bill.dataOut].map(
      dollars,
    ),
    `**${dollars(bill.total)}**`,
    `**${dollars(stores["secrets-manager"].perMillion[name]?.total ?? 0)}**`,
  ]),
  numeric: from(1, 10),
});

/** What was counted for one of each flow. */
export const countsTable = ({ stores }: CostReport): Table => ({
  head: [
    "flow",
    "invocations",
    "read units",
    "write units",
    "KMS",
    "SQS",
    "events",
    "log bytes",
    "bytes out",
    "ms",
    "ms waiting for Finch",
  ],
  rows: Object.entries(stores.kms.counted.flows).map(([name, usage]) => [
    name,
    ...[usage.invocations, usage.readUnits, usage.writeUnits, usage.kmsRequests, usage.queueRequests].map(count),
    ...[usage.busEvents, usage.logBytes, usage.bytesOut, usage.lambdaMs, usage.finchMs].map(count),
  ]),
  numeric: from(1, 10),
});

/** Dollars a month. */
export const monthTable = ({ stores }: CostReport): Table => {
  const columns = [stores.kms, stores["secrets-manager"]];
  const total = (rows: readonly MonthlyRow[]) => rows.reduce((sum, row) => sum + row.dollars, 0);
  const rowsOf = (part: "kept" | "fixed"): string[][] => {
    const names = [...new Set(columns.flatMap(({ month }) => month[part].map(({ what }) => what)))];
    const find = ({ month }: StoreReport, name: string) => month[part].find(({ what }) => what === name);
    return names.map((name) => {
      const counts = columns.map((column) => find(column, name)?.count).filter((each) => each !== undefined);
      const different = [...new Set(counts)].map((each) => each.toLocaleString("en"));
      return [name, different.join(" / "), ...columns.map((column) => dollars(find(column, name)?.dollars ?? 0))];
    });
  };
  const totals = (what: string, of: (column: StoreReport) => number) => [
    `**${what}**`,
    "",
    ...columns.map((column) => `**${dollars(of(column))}**`),
  ];
  return {
    head: ["a month", "how many", "kms", "secrets-manager"],
    rows: [
      ...rowsOf("kept"),
      totals(`${connections.toLocaleString("en")} connections`, ({ month }) => total(month.kept)),
      ...rowsOf("fixed"),
      totals("the deployment, with none", ({ month }) => total(month.fixed)),
    ],
    numeric: [1, 2, 3],
  };
};

/** The prices that were used. */
export const pricesTable = ({ prices }: CostReport): Table => ({
  head: ["what", "dollars", "per", "list"],
  rows: [...Object.values(prices.used), ...Object.values(prices.monthly)].map(
    ({ what, dollars: price, per, source }) => [what, `${price}`, per, `<${source}>`],
  ),
  numeric: [1],
});

/** How long each call is assumed to take. */
export const durationsTable = (): Table => ({
  head: ["assumed", "ms"],
  rows: Object.entries(assumedMs).map(([name, ms]) => [durationNames[name as keyof typeof assumedMs], `${ms}`]),
  numeric: [1],
});

const durationNames: Readonly<Record<keyof typeof assumedMs, string>> = {
  ownCode: "our own code, an invocation",
  dynamodb: "a call of DynamoDB",
  transaction: "a transaction",
  kms: "a call of KMS",
  secretsManager: "a call of Secrets Manager",
  sqs: "a call of SQS",
  eventBridge: "a call of EventBridge",
  invoke: "invoking another function, beside its own time",
  finch: "an answer of Finch's",
};

/** As Markdown. */
export const toMarkdown = ({ head, rows, numeric }: Table): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (numeric.includes(column) ? "--:" : "---"));
  return [line(head), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
};
