/** Which problem each refusal becomes. Each table is as long as its type: a new refusal does not compile until it is here. */
import { describe, expect, it } from "vitest";
import type { ChangeRefusal } from "#shared/connection/change-connection.ts";
import type { SessionFailure } from "#shared/connection/connect-session.ts";
import type { CreateSessionRefusal } from "#shared/connection/create-connect-session.ts";
import type { Unanswered } from "#shared/connection/finch-port.ts";
import type { EntityDisconnectRefusal } from "#shared/connection/request-entity-disconnect.ts";
import { changeProblem } from "#shared/http/change-problem.ts";
import { finchProblem } from "#shared/http/finch-problem.ts";
import { type ProblemCode, problem, refuseWithProblem } from "#shared/http/problem.ts";
import type { Reply } from "#shared/http/reply.ts";
import {
  createSessionProblem,
  refuseReturnUrlIfEmbedded,
  sessionFailureProblem,
} from "#shared/http/session-problem.ts";
import { tokenProblem } from "#shared/http/token-problem.ts";
import type { OpenTokenRefusal } from "#shared/use/open-token.ts";

const read = (reply: Reply | undefined) => JSON.parse(reply?.body ?? "{}");
const entriesOf = <Key extends string, Value>(table: Record<Key, Value>) => Object.entries(table) as [Key, Value][];
const expectCode = (reply: Reply, code: ProblemCode) => expect(read(reply).type).toBe(`urn:perch:problem:${code}`);

const changes: Record<(ChangeRefusal | EntityDisconnectRefusal)["reason"], ProblemCode> = {
  connection_unknown: "not_found",
  entity_unknown: "not_found",
  connection_limit: "connection_limit_reached",
  customer_deleting: "customer_deleting",
  not_held: "not_held",
  connection_held: "connection_held",
  connection_changed: "connection_changed",
  last_entity: "last_entity",
  connection_disconnecting: "connection_disconnecting",
};
it.each(entriesOf(changes))("a change that is refused as %s is the problem %s", (reason, code) => {
  expectCode(changeProblem({ reason }), code);
});

const sessions: Record<Exclude<CreateSessionRefusal["reason"], "return_url_not_allowed" | "finch">, ProblemCode> = {
  customer_unknown: "not_found",
  connection_unknown: "not_found",
  connection_limit: "connection_limit_reached",
  connection_disconnecting: "connection_disconnecting",
  customer_deleting: "customer_deleting",
};
it.each(entriesOf(sessions))("a session that is refused as %s is the problem %s", (reason, code) => {
  expectCode(createSessionProblem({ reason }), code);
});

const failures: Record<SessionFailure, ProblemCode> = {
  connection_limit: "connection_limit_reached",
  connection_conflict: "connection_conflict",
  customer_mismatch: "customer_mismatch",
  customer_deleting: "customer_deleting",
  connection_disconnecting: "connection_disconnecting",
  wrong_account: "wrong_account",
  wrong_client_type: "wrong_client_type",
  invalid_grant: "invalid_grant",
  token_lost: "token_lost",
  token_too_large: "token_too_large",
  finch_refused: "finch_refused",
};
it.each(entriesOf(failures))("a session that failed as %s is the problem %s, with its details", (reason, code) => {
  const reply = sessionFailureProblem(reason, { instance: "/v1/x" });
  expectCode(reply, code);
  expect(read(reply).instance).toBe("/v1/x");
});

describe("a session that does not fit", () => {
  it("tells the origins that are allowed", () => {
    const origins = ["https://a.example", "https://b.example"];
    expect(read(createSessionProblem({ reason: "return_url_not_allowed", origins }))).toMatchObject({
      type: "urn:perch:problem:return_url_not_allowed",
      errors: [
        { field: "body.return_url", message: "must have one of the origins https://a.example, https://b.example" },
      ],
    });
  });

  it("tells what Finch says against it", () => {
    const reply = createSessionProblem({ reason: "finch", answer: { kind: "refused", message: "unknown provider" } });
    expect(read(reply)).toMatchObject({
      type: "urn:perch:problem:invalid_request",
      detail: "Finch does not accept this session: unknown provider",
      errors: [{ field: "body", message: "must be acceptable to Finch: see detail" }],
    });
    const undecided = { kind: "undecided", reason: "timeout" } as const;
    expectCode(createSessionProblem({ reason: "finch", answer: undecided }), "finch_timeout");
  });

  it("has no return_url in mode embedded", () => {
    expect(refuseReturnUrlIfEmbedded({ mode: "embedded" })).toBeUndefined();
    expect(refuseReturnUrlIfEmbedded({ mode: "redirect", return_url: "https://a.example" })).toBeUndefined();
    expect(read(refuseReturnUrlIfEmbedded({ mode: "embedded", return_url: "https://a.example" }))).toMatchObject({
      type: "urn:perch:problem:invalid_request",
      errors: [
        {
          field: "body.return_url",
          message: "must be left out in mode embedded: the customer does not leave your page",
        },
      ],
    });
  });
});

const undecided: Record<Unanswered["reason"], readonly [ProblemCode, number]> = {
  timeout: ["finch_timeout", 30],
  rate_limited: ["finch_unavailable", 60],
  unreachable: ["finch_unavailable", 30],
  server_error: ["finch_unavailable", 30],
  unreadable: ["finch_unavailable", 30],
};
describe("trouble with Finch", () => {
  it.each(entriesOf(undecided))("that is undecided as %s says when to try again", (reason, [code, seconds]) => {
    const reply = finchProblem({ kind: "undecided", reason });
    expectCode(reply, code);
    expect([read(reply).retry_after, reply.headers["retry-after"]]).toEqual([seconds, `${seconds}`]);
  });

  it("that keeps it from being asked says when to try again", () => {
    const reply = finchProblem({ kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 12 });
    expectCode(reply, "budget_used_up");
    expect([reply.statusCode, read(reply).retry_after, reply.headers["retry-after"]]).toEqual([429, 12, "12"]);
  });

  it("that is the platform's names what Finch answered, and no time to try again", () => {
    const reply = finchProblem({ kind: "platform_trouble", reason: "payment_required" });
    expectCode(reply, "finch_refused");
    expect(read(reply).detail).toBe(
      "Finch answered payment_required. Check the Finch application's secret and its account; nothing was changed.",
    );
    expect(reply.headers).not.toHaveProperty("retry-after");
  });
});

const tokens: Record<Exclude<OpenTokenRefusal["reason"], "product_not_granted">, ProblemCode> = {
  connection_unknown: "not_found",
  entity_unknown: "not_found",
  disconnecting: "connection_disconnecting",
  held: "connection_held",
  reauthentication_required: "reauthentication_required",
};
describe("a token that is not handed out", () => {
  it.each(entriesOf(tokens))("because of %s is the problem %s", (reason, code) => {
    expectCode(tokenProblem({ reason } as OpenTokenRefusal), code);
  });

  it.each([
    [["payment", "directory"], /^None opens payment, directory\. Start a Connect session/],
    [[], /^No single one opens all of them; ask for fewer, or: Start a Connect session/],
  ])("because products are missing (%j) says which, and what to do", (missing, detail) => {
    const reply = tokenProblem({ reason: "product_not_granted", missing });
    expectCode(reply, "product_not_granted");
    expect(read(reply).detail).toMatch(detail);
    expect(read(reply).detail).toMatch(/these products and let the customer sign in\.$/);
  });
});

describe("the endpoint's own refusals", () => {
  it("are problems with what is wrong", () => {
    const errors = [{ field: "body", message: "must be valid JSON" }];
    expect(read(refuseWithProblem({ code: "invalid_request", errors }))).toMatchObject({ status: 400, errors });
    expect(read(refuseWithProblem({ code: "payload_too_large", bodyLimit: 7 }))).toMatchObject({
      status: 413,
      detail: "Send at most 7 bytes.",
    });
    expect(read(refuseWithProblem({ code: "internal_error" }))).toMatchObject({ status: 500 });
  });

  it("have a detail of their own where they have one, and no header that they need not", () => {
    expect(read(problem("not_found", { detail: "No." })).detail).toBe("No.");
    expect(Object.keys(problem("not_found").headers)).not.toContain("retry-after");
  });
});
