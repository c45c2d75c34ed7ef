/** What Finch's directory, individuals and employments are read as. */
import { describe, expect, it } from "vitest";
import { createPeople } from "#shared/finch/people.ts";
import type { FinchCall, SendToFinch } from "#shared/finch/request.ts";
import { secret } from "#shared/secret.ts";

const token = secret("a token");

const setting = (status: number, body: unknown) => {
  const calls: FinchCall[] = [];
  const send: SendToFinch = async (call) => {
    calls.push(call);
    return { kind: "answer", status, retryAfterSeconds: undefined, body: body as Record<string, unknown> } as never;
  };
  return { calls, people: createPeople(send) };
};
const item = (individual_id: string, code: number, body: unknown) => ({ individual_id, code, body });

describe("a directory", () => {
  it("is asked for a page of one entity, and read with its count", async () => {
    const person = { id: "one", first_name: "Ann", last_name: "", department: { name: "Bakery" }, is_active: true };
    const { people, calls } = setting(200, {
      paging: { count: 7, offset: 2 },
      individuals: [person, { id: "" }, null, { id: "x".repeat(129) }, { id: "lone \ud800" }],
    });
    const answer = await people.readDirectory(token, "entity 1", { offset: 2, limit: 3 });
    const names = { first_name: "Ann", middle_name: null, last_name: null };
    expect(answer).toEqual({
      ...{ kind: "page", count: 7, told: 5 },
      people: [{ id: "one", ...names, department: { name: "Bakery" }, is_active: true }],
    });
    expect(calls[0]).toMatchObject({
      method: "GET",
      path: "/employer/directory?entity_ids[]=entity%201&limit=3&offset=2",
    });
    expect(calls[0]?.authorization?.reveal()).toBe("Bearer a token");
  });

  it.each([
    [202, { individuals: [], paging: { count: 0 } }, "not_ready"],
    [501, {}, "not_supported"],
    [403, { finch_code: "insufficient_scope_error", name: "insufficient_scope_error" }, "not_granted"],
    [403, {}, "not_permitted"],
    [401, { finch_code: "reauthenticate_user", name: "reauthenticate_user" }, "needs_customer"],
    [401, { finch_code: "invalid_token_error", name: "invalid_token_error" }, "needs_customer"],
    [200, { people: [] }, "undecided"],
    [500, {}, "undecided"],
  ])("of %s is none: %j says %s", async (status, body, kind) => {
    const answer = await setting(status, body).people.readDirectory(token, null, { offset: 0, limit: 3 });
    expect(answer.kind).toBe(kind);
  });
});

describe("a batch", () => {
  it("has one item for each who was asked for, told or not", async () => {
    const { people, calls } = setting(200, {
      responses: [
        item("one", 200, {
          first_name: "Ann",
          emails: [{ data: "a@b.example", type: "work" }, null],
          ssn: "123-45-6789",
        }),
        item("two", 404, { finch_code: "individual_not_found" }),
        item("three", 202, {}),
        item("four", 500, { name: "internal <script>" }),
      ],
    });
    const answer = await people.readIndividuals(token, null, ["one", "two", "three", "four", "five"], true);
    if (answer.kind !== "batch") return expect.fail();
    const untold = (individualId: string, error: string, passes: boolean) => ({
      individualId,
      kind: "untold",
      error,
      passes,
    });
    expect(answer.items.slice(1)).toEqual([
      untold("two", "individual_not_found", false),
      untold("three", "http_202", true),
      untold("four", "internalscript", true),
      untold("five", "not_answered", true),
    ]);
    const [one] = answer.items;
    if (one?.kind !== "told") return expect.fail();
    expect(one.body.individual).toMatchObject({ first_name: "Ann", last_name: null, dob: null, residence: null });
    expect(one.body.individual.emails?.[0]).toEqual({ data: "a@b.example", type: "work" });
    expect(one.body.ssn?.reveal()).toBe("123-45-6789");
    expect(JSON.stringify(answer)).not.toContain("123-45");
    expect(calls[0]?.body).toMatchObject({ options: { include: ["ssn"] }, requests: expect.any(Array) });
    return undefined;
  });

  it("asks for no SSN unless it is to", async () => {
    const { people, calls } = setting(200, { responses: [] });
    await people.readIndividuals(token, "e", ["one"], false);
    await people.readEmployments(token, "e", ["one"]);
    expect(calls.map(({ body }) => body)).toEqual([
      { requests: [{ individual_id: "one" }] },
      { requests: [{ individual_id: "one" }] },
    ]);
  });

  it("of employments has the job, cut where it is endless", async () => {
    const { people } = setting(200, {
      responses: [item("one", 200, { title: "x".repeat(1_000), start_date: "2021-05-03", is_active: "yes" })],
    });
    const answer = await people.readEmployments(token, null, ["one"]);
    const [one] = answer.kind === "batch" ? answer.items : [];
    expect(one).toMatchObject({
      kind: "told",
      body: { title: "x".repeat(300), start_date: "2021-05-03", is_active: null },
    });
  });
});
