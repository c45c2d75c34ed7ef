import type { FoundConnection } from "./find-connections.ts";
import type { Scope } from "./options.ts";

/** What a run has found and done; `--json` prints it as it is. */
export interface Summary {
  readonly api_url: string;
  readonly customer_id: string | null;
  readonly provider_id: string | null;
  readonly dry_run: boolean;
  readonly found: number;
  readonly customers: number;
  /** Of those found, what was asked for before. */
  readonly already_disconnecting: number;
  readonly by_provider: Readonly<Record<string, number>>;
  /** Taken out of use by this run. */
  readonly revoked: number;
  /** Ended while it ran. */
  readonly gone: number;
  readonly failed: readonly { readonly customer_id: string; readonly connection_id: string; readonly answer: number }[];
  /** Whether Finch has confirmed every end; null when nobody waited for it. */
  readonly confirmed: boolean | null;
  readonly seconds: number;
}

/** The summary of a list, before anything was done. */
export const summarise = (
  apiUrl: string,
  { customerId, providerId }: Scope,
  found: readonly FoundConnection[],
): Omit<Summary, "dry_run" | "seconds"> => ({
  api_url: apiUrl,
  customer_id: customerId ?? null,
  provider_id: providerId ?? null,
  found: found.length,
  customers: new Set(found.map((each) => each.customer_id)).size,
  already_disconnecting: found.filter(({ status }) => status === "disconnecting").length,
  by_provider: countBy(found),
  revoked: 0,
  gone: 0,
  failed: [],
  confirmed: null,
});

const countBy = (found: readonly FoundConnection[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(found, (each) => each.provider_id)]
      .map(([provider, own]) => [provider, own.length] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

/** `12 connections`, `1 connection`. */
export const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What is there, for who has to decide. */
export const describeFound = (summary: Omit<Summary, "dry_run" | "seconds">): string => {
  const lines = Object.entries(summary.by_provider).map(([provider, count]) => `  ${provider.padEnd(24)}${count}`);
  const { found, customers, already_disconnecting: before } = summary;
  const total = `${countOf(found, "connection")} of ${countOf(customers, "customer")} at ${summary.api_url}`;
  return ["", ...lines, ...(lines.length > 0 ? [""] : []), `${total}; ${before} of them disconnecting already.`].join(
    "\n",
  );
};

/** How it ended, and what comes next. */
export const describeEnd = ({ revoked, gone, failed, confirmed, already_disconnecting: before }: Summary): string => {
  const lines = [
    `${revoked} taken out of use, ${before} were before, ${gone} ended meanwhile, ${failed.length} failed.`,
  ];
  for (const each of failed.slice(0, 20)) {
    lines.push(`  ${each.customer_id} ${each.connection_id} answered ${each.answer}`);
  }
  if (failed.length > 20) lines.push(`  and ${failed.length - 20} more`);
  if (failed.length > 0) lines.push("Run it again: what is done stays done.");
  if (confirmed === null && revoked + before > 0) {
    lines.push("Perch disconnects them at Finch by itself, until Finch confirms. --dry-run tells how many are left.");
  }
  if (confirmed) lines.push("Finch has confirmed every end.");
  return lines.join("\n");
};
