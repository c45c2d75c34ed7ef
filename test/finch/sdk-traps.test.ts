/** What Finch's own SDK makes of some answers, so that what Perch does about them rests on what is so. */
import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { application, failureOf, startFinch } from "./support.ts";

const start = async () => {
  const finch = await startFinch();
  const products = ["company", "directory", "individual", "employment"] as never;
  const grant = await finch.connectAndExchange({ products }, { provider: "rippling" });
  const set = (body: object) => finch.control("POST", `employers/${grant.connection_id}`, body);
  return { ...finch, grant, set, hris: finch.as(grant.access_token).hris };
};

const requests = [{ individual_id: crypto.randomUUID() }];

describe("the SDK", () => {
  it("takes 202 for success: nobody works there, and nobody is told", async () => {
    const { set, hris } = await start();
    const notReady = "data_sync_in_progress";
    await set({ answers: { company: notReady, directory: notReady, individual: notReady, employment: notReady } });
    const { data: page, response } = await hris.directory.list().withResponse();
    expect(response.status).toBe(202);
    expect([page.individuals, page.paging]).toEqual([[], undefined]);
    for await (const _ of page) throw new Error("nobody was expected");
    expect((await hris.individuals.retrieveMany({ requests })).responses).toEqual([]);
    expect((await hris.employments.retrieveMany({ requests })).responses).toEqual([]);
    expect(await hris.company.retrieve()).toMatchObject({ code: 202, name: "accepted", finch_code: notReady });
  });

  it("fails on a directory without paging, after the first page", async () => {
    const { control, hris } = await start();
    await control("POST", "faults", { path: "/employer/directory", kind: "override", remove: ["paging"] });
    const seen: unknown[] = [];
    const readAll = async () => {
      for await (const person of hris.directory.list({ limit: 5 })) seen.push(person);
    };
    expect(await failureOf(readAll())).toBeInstanceOf(TypeError);
    expect(seen).toHaveLength(5);
  });

  it("hands on a person's error as a person", async () => {
    const { hris } = await start();
    const { responses } = await hris.individuals.retrieveMany({ requests });
    expect(responses).toMatchObject([{ code: 404, body: { code: 404, finch_code: "individual_not_found" } }]);
  });

  it("sends the application's secret instead of the token with its plain methods", async () => {
    const { baseURL, grant } = await start();
    const client = new Finch({
      baseURL,
      clientID: application.clientId,
      clientSecret: application.clientSecret,
      accessToken: grant.access_token,
      maxRetries: 0,
    });
    expect(await failureOf(client.get("/employer/company"))).toMatchObject({
      status: 401,
      error: { name: "invalid_token_error" },
    });
    expect(await client.hris.company.retrieve()).toMatchObject({ legal_name: "Acme Inc." });
  });

  it.each([
    ["not_implemented_error", 501],
    ["error_permissions", 403],
    ["reauthenticate_user", 401],
    ["upstream_provider_error", 502],
  ])("fails with %s as %i, for the product that is set so, until it is set otherwise", async (kind, status) => {
    const { set, hris } = await start();
    await set({ answers: { company: kind } });
    expect(await failureOf(hris.company.retrieve())).toMatchObject({ status });
    expect((await hris.directory.list()).individuals).toHaveLength(20);
    await set({ answers: {} });
    expect(await hris.company.retrieve()).toMatchObject({ legal_name: "Acme Inc." });
  });
});
