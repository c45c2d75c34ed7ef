/** Why Finch tells nothing of people, of all of them or of one, and what is sent to ask. */
import { describe, expect, it } from "vitest";
import { createPeople } from "#shared/finch/people.ts";
import type { FinchAnswer, FinchCall } from "#shared/finch/request.ts";
import { secret } from "#shared/secret.ts";

const token = secret("a-token");
const lost = { kind: "undecided", reason: "timeout" } as const;

/** Each read of people, over one answer, with what it sent. */
const readAll = async (answer: FinchAnswer | typeof lost, entityId: string | null = null) => {
  const calls: FinchCall[] = [];
  const people = createPeople(async (call) => {
    calls.push(call);
    return answer;
  });
  const answers = [
    await people.readDirectory(token, entityId, { offset: 0, limit: 100 }),
    await people.readIndividuals(token, entityId, ["one"], false),
    await people.readEmployments(token, entityId, ["one"]),
  ];
  return { answers, calls };
};
const answer = (status: number, body?: FinchAnswer["body"]): FinchAnswer => ({
  ...{ kind: "answer", status, body, requestId: undefined },
});
const thrice = <Value>(value: Value): Value[] => [value, value, value];

describe("what is asked for", () => {
  it("is asked about one entity, or about all, with the token", async () => {
    const { calls } = await readAll(answer(200), "e&1");
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /employer/directory?entity_ids[]=e%261&limit=100&offset=0",
      "POST /employer/individual?entity_ids[]=e%261",
      "POST /employer/employment?entity_ids[]=e%261",
    ]);
    expect(calls.map(({ authorization }) => authorization?.reveal())).toEqual(thrice("Bearer a-token"));
    expect((await readAll(answer(200))).calls.map(({ path }) => path)).toEqual([
      "/employer/directory?limit=100&offset=0",
      "/employer/individual?",
      "/employer/employment?",
    ]);
  });
});

describe("an answer that tells of nobody", () => {
  it("is handed on where nothing is known of it", async () => {
    expect((await readAll(lost)).answers).toEqual(thrice(lost));
  });

  it.each<[number, string | undefined, object]>([
    [202, undefined, { kind: "not_ready" }],
    [501, undefined, { kind: "not_supported" }],
    [403, "insufficient_scope_error", { kind: "not_granted" }],
    [403, "insufficient_account_permissions", { kind: "not_permitted" }],
    [401, "reauthenticate_user", { kind: "needs_customer" }],
    [401, "account_setup_required", { kind: "needs_customer" }],
    [401, "invalid_token_error", { kind: "needs_customer" }],
    // The same words are no word of the customer's with another status, nor the status without them.
    [400, "reauthenticate_user", { kind: "platform_trouble", reason: "reauthenticate_user" }],
    [401, "unauthorized_request_error", { kind: "platform_trouble", reason: "unauthorized_request_error" }],
    [429, "finch_application_rl", { kind: "undecided", reason: "rate_limited" }],
    [408, undefined, { kind: "undecided", reason: "server_error" }],
    [200, undefined, { kind: "undecided", reason: "unreadable" }],
  ])("%i %s is what it is, also with people in it", async (status, name, expected) => {
    const body = { name, ...(status !== 200 && { individuals: [], responses: [] }) };
    expect((await readAll(answer(status, body))).answers).toEqual(thrice(expected));
    if (name === undefined) expect((await readAll(answer(status))).answers).toEqual(thrice(expected));
  });
});

describe("a directory's count", () => {
  it.each([
    [{ count: 0 }, 0],
    [{ count: 7 }, 7],
    [{ count: "7" }, undefined],
    [{}, undefined],
    [null, undefined],
  ])("of paging %j is %s", async (paging, count) => {
    const [directory] = (await readAll(answer(200, { individuals: [], paging }))).answers;
    expect(directory).toEqual({ kind: "page", people: [], told: 0, count });
  });
});

describe("one of a batch who is not told", () => {
  const itemOf = async (code: unknown, body: unknown) => {
    const responses = [null, { individual_id: "one", code, body }];
    const [, batch] = (await readAll(answer(200, { responses }))).answers;
    return batch?.kind === "batch" ? batch.items : expect.fail();
  };

  it.each([
    [202, true],
    [408, true],
    [429, true],
    [499, false],
    [500, true],
    [501, false],
    [502, true],
    [503, true],
    [400, false],
    [401, false],
    [404, false],
    [201, false],
  ])("may be told soon after %i: %s", async (code, passes) => {
    const expected = [{ individualId: "one", kind: "untold", error: `http_${code}`, passes }];
    expect(await itemOf(code, null)).toEqual(expected);
    expect(await itemOf(`${code}`, {})).toEqual(expected);
  });

  it.each([
    [{ finch_code: "a_code", name: "a_name" }, "a_code"],
    [{ finch_code: "", name: "a_name" }, "a_name"],
    [{ finch_code: 7, name: 7 }, "http_404"],
    [{ name: "evil\n{}<b>9" }, "evilb9"],
    [{ name: "x".repeat(65) }, "x".repeat(64)],
    [{ name: `${"<".repeat(64)}x` }, "x"],
  ])("%j is named %s", async (body, error) => {
    expect(await itemOf(404, body)).toEqual([{ individualId: "one", kind: "untold", error, passes: false }]);
  });

  it("is not answered where only others are, or one without an id", async () => {
    const responses = [{ code: 200, body: {} }, { individual_id: "two", code: 200, body: {} }, 7];
    const [, batch] = (await readAll(answer(200, { responses }))).answers;
    const untold = { individualId: "one", kind: "untold", error: "not_answered", passes: true };
    expect(batch).toEqual({ kind: "batch", items: [untold] });
  });
});
