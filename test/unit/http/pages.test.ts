/** What people read in their browsers: every page's words are in pages.txt, for whoever proof-reads them. */
import { describe, expect, it } from "vitest";
import type { SessionFailure, SessionOutcome } from "#shared/connection/connect-session.ts";
import type { RefusedExchange } from "#shared/connection/exchange-authorization-code.ts";
import type { SessionEnding } from "#shared/connection/session-ending.ts";
import {
  goToPending,
  replyToEndedLink,
  replyToEnding,
  replyToNoCode,
  replyToNotRun,
  replyToPending,
  replyToRefusal,
} from "#shared/http/connect-replies.ts";
import { page } from "#shared/http/page.ts";
import { refuseWithPage } from "#shared/http/page-refusal.ts";
import type { Reply } from "#shared/http/reply.ts";

/** Each failure with the word that `return_url` gets. A new one does not compile until it is here. */
const failures: Record<SessionFailure, "failed" | "other"> = {
  connection_conflict: "failed",
  customer_mismatch: "failed",
  customer_deleting: "failed",
  connection_limit: "failed",
  connection_disconnecting: "failed",
  wrong_account: "other",
  invalid_grant: "failed",
  token_lost: "failed",
  wrong_client_type: "failed",
  token_too_large: "failed",
  finch_refused: "failed",
};
const outcomes: Record<SessionOutcome, true> = { connected: true, known: true, reconnected: true, pending: true };
const refusals: Record<RefusedExchange, true> = { other_holder: true, expired: true, spent: true, unknown: true };

const keysOf = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as Key[];

const ending = (parts: Partial<SessionEnding>): SessionEnding => ({
  sessionId: "session-1",
  returnUrl: null,
  outcome: null,
  failureReason: null,
  connectionId: null,
  ...parts,
});

const noReturn = { sessionId: "session-1", returnUrl: null };

/** Made while a test runs, so that it is known which test runs what. */
const makePages = (): readonly (readonly [string, Reply])[] => [
  ...keysOf(outcomes).map((outcome) => [`completed: ${outcome}`, replyToEnding(ending({ outcome }))] as const),
  ...keysOf(failures).map((reason) => [`failed: ${reason}`, replyToEnding(ending({ failureReason: reason }))] as const),
  ["neither completed nor failed", replyToEnding(ending({}))],
  ["no code: cancelled", replyToNoCode(noReturn, "cancelled")],
  ["no code: failed", replyToNoCode(noReturn, "failed")],
  ...keysOf(refusals).map((reason) => [`refused: ${reason}`, replyToRefusal({ status: "refused", reason })] as const),
  ["a link that has ended", replyToEndedLink()],
  ["waiting", replyToPending()],
  ["not run", replyToNotRun()],
  ["a request that does not fit", refuseWithPage({ code: "invalid_request", errors: [] })],
  ["a body that is too large", refuseWithPage({ code: "payload_too_large", bodyLimit: 1 })],
  ["an error of ours", refuseWithPage({ code: "internal_error" })],
];

/** The page as somebody reads it: status, title, heading, paragraphs. */
const readPage = ([name, { statusCode, headers, body }]: readonly [string, Reply]): string => {
  expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  const seconds = /http-equiv="refresh" content="(\d+)"/.exec(body)?.[1];
  const inTag = (tag: string) => [...body.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "g"))].map(([, text]) => text);
  const reload = seconds === undefined ? "" : `, again after ${seconds} s`;
  return [`== ${name} (${statusCode}${reload})`, `[${inTag("title")}] ${inTag("h1")}`, ...inTag("p"), ""].join("\n");
};

describe("the pages", () => {
  it("say what happened and what to do", async () => {
    await expect(makePages().map(readPage).join("\n")).toMatchFileSnapshot("pages.txt");
  });

  it("are whole documents", () => {
    const content = { title: "T", heading: "H", paragraphs: ["One", "Two"] };
    const withoutStyle = (document: string) => document.replace(/(<style>).*(<\/style>)/s, "$1$2");
    const lines = [
      "<!doctype html>",
      '<html lang="en">',
      "<head>",
      '<meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="robots" content="noindex">',
      "<title>T</title>",
      "<style></style>",
      "</head>",
      "<body>",
      "<main>",
      "<h1>H</h1>",
      "<p>One</p>",
      "<p>Two</p>",
      "</main>",
      "</body>",
      "</html>",
      "",
    ];
    expect(withoutStyle(page(content).document)).toBe(lines.join("\n"));
  });

  it.each([
    ["http://a.example", true],
    ["HTTPS://a.example/b", true],
    ["/", true],
    ["/a b", false],
    ["/a\n", false],
    ["https://", false],
    ["https:// a", false],
    ["https://a.example/ b", false],
    ["see https://a.example", false],
    ["/\\evil.example", false],
  ])("link to %j: %s", (href, links) => {
    const { document } = page({ title: "T", heading: "H", paragraphs: [], action: { label: "L", href } });
    expect(document.includes("<a ")).toBe(links);
  });

  it("reload after whole seconds, and not at once", () => {
    const reload = (refreshSeconds: number) =>
      /refresh" content="(.*?)"/.exec(page({ title: "", heading: "", paragraphs: [], refreshSeconds }).document)?.[1];
    expect([reload(0), reload(0.2), reload(2.1)]).toEqual(["1", "1", "3"]);
  });
});

describe("the way back to the platform", () => {
  const returnUrl = "https://app.example/back?status=mine&x=1";
  const connectionId = "connection-1" as SessionEnding["connectionId"];
  const whereTo = ({ statusCode, headers }: Reply) => [statusCode, headers["location"]];

  it.each(keysOf(failures))("has the status of the failure %s", (failureReason) => {
    const status = failures[failureReason];
    expect(whereTo(replyToEnding(ending({ returnUrl, failureReason })))).toEqual([
      303,
      `https://app.example/back?status=${status}&x=1&session_id=session-1`,
    ]);
  });

  it.each(keysOf(outcomes))("has the connection and the status %s", (outcome) => {
    expect(whereTo(replyToEnding(ending({ returnUrl, outcome, connectionId })))).toEqual([
      303,
      `https://app.example/back?status=${outcome}&x=1&session_id=session-1&connection_id=connection-1`,
    ]);
  });

  it("is taken without a code, too, and when it is not known how the session ended", () => {
    const back = (status: string) => [303, `https://app.example/back?status=${status}&x=1&session_id=session-1`];
    expect(whereTo(replyToEnding(ending({ returnUrl })))).toEqual(back("other"));
    for (const status of ["cancelled", "failed"] as const) {
      expect(whereTo(replyToNoCode({ sessionId: "session-1", returnUrl }, status))).toEqual(back(status));
    }
  });

  it("leads over the page that waits", () => {
    expect(whereTo(goToPending("session-1"))).toEqual([302, "/connect/pending/session-1"]);
  });
});
