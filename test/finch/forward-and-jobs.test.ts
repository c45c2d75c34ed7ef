import { describe, expect, it } from "vitest";
import { failureOf, startFinch, uuid } from "./support.ts";

const start = async () => {
  const finch = await startFinch();
  const grant = await finch.connectAndExchange({}, { provider: "rippling" });
  return { ...finch, grant, client: finch.as(grant.access_token) };
};

describe("forwarding", () => {
  it("answers what the provider says, and repeats the request", async () => {
    const { client } = await start();
    const forwarded = await client.requestForwarding.forward({
      method: "POST",
      route: "/people/custom-fields",
      request_headers: { "x-page": "2" },
      params: { size: 5 },
      data: '{"field":"shoe size"}',
    });
    const request = {
      method: "POST",
      route: "/people/custom-fields",
      headers: { "x-page": "2" },
      params: { size: 5 },
      data: '{"field":"shoe size"}',
    };
    expect(forwarded).toEqual({
      request,
      statusCode: 200,
      headers: { "content-type": "application/json", "x-simulated-provider": "rippling" },
      data: JSON.stringify({ echo: request }),
    });
  });

  it("has every member of the request, null where it was not given, and passes the provider's refusal on with 200", async () => {
    const { client } = await start();
    expect(await client.requestForwarding.forward({ method: "GET", route: "/status/404" })).toMatchObject({
      request: { method: "GET", route: "/status/404", headers: null, params: null, data: null },
      statusCode: 404,
      data: null,
    });
  });

  it.each([
    { method: "HEAD", route: "/people" },
    { method: "GET", route: "people" },
    { method: "GET", route: "/people?page=2" },
    { method: "GET", route: "/people/../admin" },
    { method: "GET", route: "/people", params: [] as never },
    { method: "GET", route: "/people", request_headers: "x" as never },
    { method: "GET", route: "/people", data: 5 as never },
  ])("refuses %o", async (body) => {
    const { client } = await start();
    expect(await failureOf(client.requestForwarding.forward(body))).toMatchObject({ status: 400 });
  });

  it("is refused while the connection waits for its employer", async () => {
    const { client, control, grant } = await start();
    await control("POST", `connections/${grant.connection_id}`, { status: "reauth" });
    const error = await failureOf(client.requestForwarding.forward({ method: "GET", route: "/people" }));
    expect(error).toMatchObject({ status: 401, error: { finch_code: "reauthenticate_user" } });
  });
});

describe("automated jobs", () => {
  it("refresh a connection once an hour, and are shown while they run and when they are done", async () => {
    const { client, control, baseURL } = await start();
    const refresh = () => client.jobs.automated.create({ type: "data_sync_all" });
    const first = await refresh();
    expect(first).toEqual({
      allowed_refreshes: 1,
      remaining_refreshes: 0,
      job_id: expect.stringMatching(uuid),
      job_url: `${baseURL}/jobs/automated/${first.job_id}`,
    });
    expect(await refresh()).toEqual(first);
    const read = () => client.jobs.automated.retrieve(first.job_id ?? "");
    expect(await read()).toMatchObject({ status: "in_progress", completed_at: null, type: "data_sync_all" });
    await control("POST", "clock", { advance_ms: 30_000 });
    expect(await read()).toMatchObject({ status: "complete", completed_at: expect.stringContaining("T") });
    const refused = await refresh();
    expect(refused).toEqual({ allowed_refreshes: 1, remaining_refreshes: 0, retry_at: expect.stringContaining("T") });
    await control("POST", "clock", { advance_ms: Date.parse(refused.retry_at ?? "") - Date.now() });
    const second = await refresh();
    expect(second.job_id).not.toBe(first.job_id);
    const listed = await client.jobs.automated.list();
    expect(listed.data.map(({ job_id: id }) => id)).toEqual([second.job_id, first.job_id]);
    expect(listed.meta.quotas).toEqual({ data_sync_all: { allowed_refreshes: 1, remaining_refreshes: 0 } });
    expect((await client.jobs.automated.list({ limit: 1, offset: 1 })).data).toMatchObject([{ job_id: first.job_id }]);
  });

  it("end as the connection's state lets them", async () => {
    const { client, control, grant } = await start();
    const { job_id: id = "" } = await client.jobs.automated.create({ type: "data_sync_all" });
    await control("POST", "clock", { advance_ms: 30_000 });
    await control("POST", `connections/${grant.connection_id}`, { status: "reauth" });
    expect(await client.jobs.automated.retrieve(id)).toMatchObject({ status: "reauth_error" });
  });

  it("are their own connection's", async () => {
    const { client, connectAndExchange, as } = await start();
    const { job_id: id = "" } = await client.jobs.automated.create({ type: "data_sync_all" });
    const other = as((await connectAndExchange({}, { provider: "gusto" })).access_token);
    expect(await failureOf(other.jobs.automated.retrieve(id))).toMatchObject({ status: 404 });
    expect((await other.jobs.automated.list()).data).toEqual([]);
    const wrongType = client.jobs.automated.create({ type: "unknown" as "data_sync_all" });
    expect(await failureOf(wrongType)).toMatchObject({ status: 400 });
  });
});

describe("manual jobs", () => {
  it("are shown until they are done", async () => {
    const { client, control, grant } = await start();
    const { body } = await control("POST", "manual-jobs", { connection_id: grant.connection_id });
    const { job_id: id } = body as unknown as { job_id: string };
    expect(await client.jobs.manual.retrieve(id)).toEqual({ job_id: id, status: "in_progress", body: null });
    await control("POST", "clock", { advance_ms: 30_000 });
    expect(await client.jobs.manual.retrieve(id)).toEqual({ job_id: id, status: "complete", body: [] });
    expect(await failureOf(client.jobs.automated.retrieve(id))).toMatchObject({ status: 404 });
    expect((await control("POST", "manual-jobs", {})).status).toBe(400);
  });
});
