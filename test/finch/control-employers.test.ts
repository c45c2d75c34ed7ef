import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { failureOf, startFinch } from "./support.ts";
import { startWithWebhooks } from "./webhook-receiver.ts";

type Truth = {
  readonly count: number;
  readonly people: { individual_id: string; person: string; variation: string | null }[];
};

describe("setting what an employer holds", () => {
  it("is for all entities of a connection, or for one, and what is not given stays", async () => {
    const { connectAndExchange, control, as } = await startFinch();
    const grant = await connectAndExchange({}, { username: "multi_entity" });
    const [one = "", two = ""] = grant.entity_ids;
    const size = async (id: string) =>
      (await as(grant.access_token).hris.directory.list({ entity_ids: [id] })).paging.count;
    const set = (body: object) => control("POST", `employers/${grant.connection_id}`, body);
    await set({ people: 7 });
    await set({ entity_id: two, people: 3 });
    await set({ entity_id: two, answers: { company: "not_implemented_error" } });
    expect([await size(one), await size(two)]).toEqual([7, 3]);
    const readCompany = (id: string) => as(grant.access_token).hris.company.retrieve({ entity_ids: [id] });
    expect(await failureOf(readCompany(two))).toMatchObject({ status: 501 });
    expect(await readCompany(one)).toMatchObject({ legal_name: "Acme Inc." });
  });

  it("survives a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "finch-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const stateFile = join(folder, "finch.json");
    const before = await startFinch({ stateFile });
    const grant = await before.connectAndExchange();
    await before.control("POST", `employers/${grant.connection_id}`, { people: 7 });
    const job = await before.as(grant.access_token).jobs.automated.create({ type: "data_sync_all" });
    const people = (await before.as(grant.access_token).hris.directory.list()).individuals;
    await before.simulator.close();
    const after = await startFinch({ stateFile });
    expect((await after.as(grant.access_token).hris.directory.list()).individuals).toEqual(people);
    expect(people).toHaveLength(7);
    const [known] = (await after.as(grant.access_token).jobs.automated.list()).data;
    expect(known?.job_id).toBe(job.job_id);
  });

  it("may tell the platform that the company has changed", async () => {
    const { connectAndExchange, control, settled } = await startWithWebhooks();
    const grant = await connectAndExchange({}, { username: "multi_entity" });
    const [, two] = grant.entity_ids;
    await control("POST", `employers/${grant.connection_id}`, { people: 5 });
    await control("POST", `employers/${grant.connection_id}`, { entity_id: two, company_updated: true });
    const events = (await settled()).map(({ body }) => body).filter((body) => body.event_type === "company.updated");
    expect(events).toEqual([
      {
        event_type: "company.updated",
        connection_id: grant.connection_id,
        entity_id: two,
        company_id: grant.company_id,
        account_id: grant.account_id,
        data: null,
      },
    ]);
  });

  it("lets two connections know the same people, under other ids, and tells who is who", async () => {
    const { connectAndExchange, control, as } = await startFinch();
    const products = ["directory", "individual"] as never;
    const connect = async (provider: string, data: object) => {
      const grant = await connectAndExchange({ products }, { provider });
      await control("POST", `employers/${grant.connection_id}`, { people: 100, ...data });
      const { body } = await control("GET", `employers/${grant.connection_id}`);
      const truth = body as unknown as Truth;
      const requests = truth.people.map(({ individual_id }) => ({ individual_id }));
      const { responses } = await as(grant.access_token).hris.individuals.retrieveMany({ requests });
      return { truth, bodies: responses.map((item) => item.body as { id: string; dob: string; emails: object[] }) };
    };
    const here = await connect("rippling", { seed: "acme" });
    const there = await connect("gusto", {
      seed: "acme-abroad",
      overlap: { seed: "acme", share: 0.4, variations: 0.5 },
    });
    const known = new Map(here.truth.people.map(({ person }, at) => [person, here.bodies[at]]));
    const shared = there.truth.people.flatMap(({ person, variation }, at) =>
      known.has(person) ? [{ variation, here: known.get(person), there: there.bodies[at] }] : [],
    );
    expect(shared).toHaveLength(40);
    expect(shared.filter(({ variation }) => variation !== null)).toHaveLength(20);
    for (const same of shared.filter(({ variation }) => variation === null)) {
      expect(same.there?.dob).toBe(same.here?.dob);
      expect(same.there?.id).not.toBe(same.here?.id);
    }
    expect(JSON.stringify(there.truth)).not.toContain("@");
  });

  it.each([
    [{ people: 0 }, "people"],
    [{ people: 100_001 }, "people"],
    [{ people: "5" }, "people"],
    [{ seed: 5 }, "seed"],
    [{ overlap: { seed: "a" } }, "overlap"],
    [{ overlap: { seed: "a", share: 2 } }, "overlap"],
    [{ item_errors: { nonsense: 0.1 } }, "item_errors"],
    [{ item_errors: { individual_not_found: 1.1 } }, "item_errors"],
    [{ answers: { payment: "server_error" } }, "answers"],
    [{ answers: { company: "nonsense" } }, "answers"],
    [{ entity_id: "none" }, "entity_id"],
    [{ company_updated: "yes" }, "company_updated"],
  ])("is refused for %o, and nothing is changed", async (body, field) => {
    const { connectAndExchange, control, simulator } = await startFinch();
    const grant = await connectAndExchange();
    const refused = await control("POST", `employers/${grant.connection_id}`, { people: 5, ...body });
    expect(refused).toMatchObject({ status: 400, body: { message: expect.stringContaining(field) } });
    expect(simulator.state.connections.get(grant.connection_id)?.entities[0]?.data).toBeUndefined();
    expect((await control("POST", "employers/none", {})).status).toBe(404);
    expect((await control("GET", "employers/none")).status).toBe(404);
  });
});
