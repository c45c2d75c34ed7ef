import type { ConnectEnd } from "../api/types.ts";
import type { Connection } from "../model/connection.ts";
import type { EarlierFailure, Flash } from "./state.ts";

/** Failures of a Connect session after which the account could not be added here; nobody learns more. */
const notAdded = [
  "connection_conflict",
  "customer_mismatch",
  "customer_deleting",
  "wrong_client_type",
  "token_too_large",
  "connection_disconnecting",
];

/** How a Connect session ended, in the words of the page: its way back, or its own record. */
export type ConnectResult =
  | "connected"
  | "known"
  | "reconnected"
  | "pending"
  | "cancelled"
  | "failed"
  | "other"
  | "lost"
  | "conflict"
  | "limit"
  | "exchanging";

const results: readonly string[] = ["connected", "known", "reconnected", "pending", "cancelled", "failed", "other"];

/** What a session's record says, for a browser that came back with this hint. */
export const resultOf = ({ status, outcome, failureReason }: ConnectEnd, hint: string): ConnectResult => {
  if (status === "completed") return (results.includes(outcome ?? "") ? outcome : "connected") as ConnectResult;
  if (status === "exchanging") return "exchanging";
  if (status === "failed") {
    if (failureReason === "wrong_account") return "other";
    if (failureReason === "token_lost") return "lost";
    if (failureReason === "connection_limit") return "limit";
    return notAdded.includes(failureReason ?? "") ? "conflict" : "failed";
  }
  // The record of a session that the customer left is open still, and so is that of one in which Connect itself has failed.
  if (status === "open") return hint === "failed" ? "failed" : "cancelled";
  if (status === "cancelled") return "cancelled";
  return (results.includes(hint) ? hint : "failed") as ConnectResult;
};

/** What is said after Connect, about the connection that came of it or that was to be signed in again. */
export const afterConnect = (result: ConnectResult, platform: string, connection: Connection | undefined): Flash => {
  const provider = connection?.providerName;
  switch (result) {
    case "connected":
    case "pending":
    case "known":
      return {
        tone: result === "pending" ? "info" : "good",
        text: ({ say }) =>
          provider === undefined ? say(`flash.${result}.unnamed`) : say(`flash.${result}`, { provider }),
      };
    case "reconnected":
      return {
        tone: "good",
        text: ({ say }) =>
          provider === undefined ? say("flash.known.unnamed") : say("flash.reconnected", { provider }),
      };
    case "cancelled":
      return { tone: "info", text: ({ say }) => say("flash.cancelled") };
    case "exchanging":
      return { tone: "info", text: ({ say }) => say("flash.exchanging") };
    case "limit":
      return { tone: "warn", text: ({ say }) => say("flash.limit") };
    case "lost":
      return { tone: "warn", failed: true, text: ({ say }) => say("why.lost") };
    case "conflict":
      return { tone: "stop", failed: true, text: ({ say }) => say("why.conflict", { platform }) };
    case "failed":
      return {
        tone: "warn",
        failed: true,
        text: ({ say }) => (provider === undefined ? say("flash.failed.unnamed") : say("flash.failed", { provider })),
      };
    case "other": {
      const employers = (connection?.companies ?? []).flatMap(({ name }) => name ?? []);
      return {
        tone: "warn",
        offersAccount: true,
        text: ({ say, list }) =>
          provider === undefined || employers.length === 0
            ? say("flash.other.unnamed")
            : say("flash.other", { provider, employer: list(employers) }),
      };
    }
  }
};

/** What is said on a later visit, which only a failure is worth: what went well, and what was left, the list shows. */
export const afterEarlier = (
  result: ConnectResult,
  { platform, startedAt }: { readonly platform: string; readonly startedAt: Date },
  connection: Connection | undefined,
): Flash | null => {
  const flash = afterConnect(result, platform, connection);
  if (!flash.failed && !flash.offersAccount) return null;
  const headline: EarlierFailure["headline"] =
    result === "conflict" || result === "limit" ? "state.conflict" : "state.lost";
  const helps = result === "lost" || result === "failed";
  return { ...flash, earlier: { headline, startedAt, again: helps ? { connectionId: connection?.id ?? null } : null } };
};

/** A connection has left the list. */
export const removed = ({ providerName: provider }: Connection): Flash => ({
  tone: "good",
  text: ({ say }) => say("flash.removed", { provider }),
});

/** A connection, or so many of its companies, is being removed. */
export const removing = ({ providerName: provider }: Connection, companies: number | null): Flash => ({
  tone: "info",
  text: ({ say }) =>
    companies === null
      ? say("flash.removing", { provider })
      : say("flash.removingCompanies", { n: companies, provider }),
});

/** Both stay. */
export const kept: Flash = { tone: "good", text: ({ say }) => say("flash.kept") };

/** A connection was looked at. */
export const checked = ({ providerName: provider }: Connection): Flash => ({
  tone: "info",
  text: ({ say }) => say("flash.checked", { provider }),
});

/** A call failed. */
export const trouble = (code: string): Flash =>
  code === "connection_limit_reached"
    ? { tone: "warn", failed: true, text: ({ say }) => say("flash.limit") }
    : { tone: "warn", failed: true, text: ({ say }) => say("flash.problem") };
