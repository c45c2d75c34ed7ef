/**
 * Finch's own SDK with Perch as its `baseURL`, beside the same SDK at Finch itself with the token that Perch uses: what the
 * one gives, the other gives, errors included.
 */
import type Finch from "@tryfinch/finch-api";
import { beforeAll, describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { controlFinch, withErrorsOf } from "../support/finch.ts";
import {
  collect,
  connectForSdk,
  createClients,
  outcomeOf,
  type SdkSetting,
  sentTo,
  setEmployer,
} from "../support/finch-sdk.ts";
import { readStack } from "../support/stack.ts";
import { awaitStatus, connectAndLook, setStatus, silenceFinch } from "../support/trouble.ts";

describe("Finch's SDK through Perch", () => {
  let setting: SdkSetting;
  beforeAll(async () => {
    setting = await connectForSdk();
    await setEmployer(setting, {
      people: 250,
      item_errors: { individual_not_found: 0.1, not_implemented_error: 0.05 },
    });
  });

  it("reads the company, the one entity named for it", async () => {
    const { through, straight, customer, entityId } = setting;
    const direct = await outcomeOf(straight.hris.company.retrieve({ entity_ids: [entityId] }));
    expect(direct).toMatchObject({ status: 200, data: { legal_name: expect.any(String) } });
    expect(await outcomeOf(through.hris.company.retrieve())).toEqual(direct);
    const { audit } = (await callBackend(`${customer.path}/audit`)).json<schema.AuditPage>();
    expect(audit[0]).toMatchObject({
      action: "request_forwarded",
      request: { method: "GET", path: "/employer/company" },
      caller: readStack().clientId,
    });
  });

  it("reads the whole directory, page by page", async () => {
    const { through, straight, entityId } = setting;
    const before = (await sentTo(setting)).length;
    const paged = await collect(through.hris.directory.list({ limit: 60 }));
    expect((await sentTo(setting)).length - before).toBe(5);
    expect(paged).toEqual(await collect(straight.hris.directory.list({ entity_ids: [entityId], limit: 60 })));
    expect(new Set(paged.map(({ id }) => id)).size).toBe(250);
    expect(await collect(through.hris.directory.list())).toEqual(paged);
    // A page names the next one by itself.
    const first = await through.hris.directory.list({ limit: 100, offset: 200 });
    expect([first.individuals.length, first.paging, first.hasNextPage()]).toEqual([
      50,
      { offset: 200, count: 250 },
      false,
    ]);
  });

  it("reads individuals and employments, with each one's own error", async () => {
    const { through, straight, entityId } = setting;
    const people = await collect(through.hris.directory.list());
    const requests = [...people, { id: crypto.randomUUID() }].map(({ id }) => ({ individual_id: id }));
    for (const [read, direct] of [
      [through.hris.individuals, straight.hris.individuals],
      [through.hris.employments, straight.hris.employments],
    ] as const) {
      const expected = await outcomeOf(direct.retrieveMany({ entity_ids: [entityId], requests }));
      expect(await outcomeOf(read.retrieveMany({ requests }))).toEqual(expected);
      expect(expected).toMatchObject({ status: 200, headers: { result: "partial_error" } });
      const { responses }: { responses: readonly { code?: number; body?: object; individual_id?: string }[] } =
        await read.retrieveMany({ requests });
      const codes = Map.groupBy(responses, ({ code }) => code);
      expect([...codes.keys()].toSorted()).toEqual([200, 404, 501]);
      expect(codes.get(200)?.[0]?.body).toMatchObject({ id: codes.get(200)?.[0]?.individual_id });
      expect(responses.at(-1)).toMatchObject({ code: 404, body: { finch_code: "individual_not_found" } });
    }
  });

  it("forwards to the provider, and hands on what the provider says", async () => {
    const { through, straight } = setting;
    const bodies = [
      { method: "POST", route: "/custom-fields", params: { size: 5 }, data: '{"field":"shoe size"}' },
      { method: "GET", route: "/status/404", request_headers: { "x-page": "2" } },
    ];
    for (const body of bodies) {
      const direct = await outcomeOf(straight.requestForwarding.forward(body));
      expect(direct).toMatchObject({ status: 200, data: { request: { route: body.route } } });
      expect(await outcomeOf(through.requestForwarding.forward(body))).toEqual(direct);
    }
    const refused = await outcomeOf(straight.requestForwarding.forward({ method: "HEAD", route: "/x" }));
    expect(refused).toMatchObject({ class: "BadRequestError", status: 400 });
    expect(await outcomeOf(through.requestForwarding.forward({ method: "HEAD", route: "/x" }))).toEqual(refused);
  });

  it("lists providers and jobs", async () => {
    const { through, straight } = setting;
    expect(await collect(through.providers.list())).toEqual(await collect(straight.providers.list()));
    expect(await outcomeOf(through.jobs.automated.list())).toEqual(await outcomeOf(straight.jobs.automated.list()));
    const unknown = crypto.randomUUID();
    const missing = await outcomeOf(straight.jobs.automated.retrieve(unknown));
    expect(missing).toMatchObject({ class: "NotFoundError", status: 404 });
    expect(await outcomeOf(through.jobs.automated.retrieve(unknown))).toEqual(missing);
  });
});

describe("what Finch refuses", () => {
  it.each([
    ["data_sync_in_progress", 202, undefined],
    ["not_implemented_error", 501, "InternalServerError"],
    ["error_permissions", 403, "PermissionDeniedError"],
    ["upstream_provider_error", 502, "InternalServerError"],
  ])("is the SDK's own error, as from Finch: %s", async (kind, status, name) => {
    const own = await connectForSdk();
    const { through, straight, entityId } = own;
    await setEmployer(own, { answers: { company: kind, directory: kind, individual: kind, employment: kind } });
    const requests = [{ individual_id: crypto.randomUUID() }];
    const calls = [
      (hris: Finch["hris"], query: object) => hris.company.retrieve(query),
      (hris: Finch["hris"], query: object) => hris.directory.list(query),
      (hris: Finch["hris"], query: object) => hris.individuals.retrieveMany({ ...query, requests }),
      (hris: Finch["hris"], query: object) => hris.employments.retrieveMany({ ...query, requests }),
    ];
    for (const call of calls) {
      const direct = await outcomeOf(call(straight.hris, { entity_ids: [entityId] }));
      expect(direct).toMatchObject({ status, ...(name && { class: name }) });
      expect(await outcomeOf(call(through.hris, {}))).toEqual(direct);
    }
  });

  it("is a 429 that says nothing of when, as from Finch", async () => {
    const { through, straight, entityId, connectionId } = await connectForSdk();
    const [direct, answer] = await withErrorsOf(
      connectionId,
      "finch_application_rl",
      async () => [
        await outcomeOf(straight.hris.company.retrieve({ entity_ids: [entityId] })),
        await outcomeOf(through.hris.company.retrieve()),
      ],
      "/employer/company",
    );
    expect(direct).toMatchObject({ class: "RateLimitError", status: 429 });
    expect(answer).toEqual(direct);
  });

  it("is Finch's own 401 when the customer must sign in, which Perch takes as a hint; then Perch answers in its place", async () => {
    const own = await connectAndLook();
    const setting = await createClients(own);
    const { through, straight, entityId, connectionId } = setting;
    await silenceFinch(connectionId);
    await setStatus(connectionId, "reauth");
    const direct = await outcomeOf(straight.hris.company.retrieve({ entity_ids: [entityId] }));
    expect(direct).toMatchObject({ class: "AuthenticationError", body: { finch_code: "reauthenticate_user" } });
    expect(await outcomeOf(through.hris.company.retrieve())).toEqual(direct);
    // Nothing else has told Perch: it has looked, because of that answer.
    await awaitStatus(own, "reauth");
    const sent = (await sentTo(setting)).length;
    const patient = through.withOptions({ maxRetries: 2 });
    for (const client of [patient, through]) {
      expect(await outcomeOf(client.hris.company.retrieve())).toMatchObject({
        ...{ class: "AuthenticationError", status: 401, body: { finch_code: "reauthenticate_user" } },
        headers: { retry: "false" },
      });
    }
    expect((await sentTo(setting)).length).toBe(sent);
  });
});

describe("what never came back from Finch", () => {
  const lose = ({ connectionId }: SdkSetting, path: string) =>
    controlFinch("POST", "faults", { path, kind: "answer_lost", connection_id: connectionId, times: 1 });

  it("is asked for again by the SDK where it is a read, and only there", async () => {
    const setting = await connectForSdk();
    const through = setting.through.withOptions({ maxRetries: 2 });
    // Not the company: Perch reads that by itself. The SDK waits as long as Perch says, half a minute.
    await lose(setting, "/employer/directory");
    expect((await through.hris.directory.list()).individuals).toHaveLength(20);
    expect(await sentTo(setting)).toEqual(["GET /employer/directory", "GET /employer/directory"]);
    await lose(setting, "/forward");
    expect(await outcomeOf(through.requestForwarding.forward({ method: "POST", route: "/people" }))).toMatchObject({
      ...{ class: "InternalServerError", status: 503, headers: { retry: "false" } },
    });
    expect((await sentTo(setting)).filter((each) => each === "POST /forward")).toHaveLength(1);
  });
});
