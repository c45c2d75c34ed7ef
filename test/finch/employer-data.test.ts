import type Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { failureOf, startFinch } from "./support.ts";

const everything = { products: ["company", "directory", "individual", "employment"] } satisfies object;

/** A connection with an employer whose data is set. */
const connectTo = async (data: object, session: Partial<Finch.Connect.SessionNewParams> = everything as never) => {
  const finch = await startFinch();
  const grant = await finch.connectAndExchange(session, { provider: "rippling" });
  const set = await finch.control("POST", `employers/${grant.connection_id}`, data);
  expect(set.status).toBe(200);
  return { ...finch, grant, hris: finch.as(grant.access_token).hris };
};

const collect = async <Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const idsOf = async (hris: Finch["hris"]): Promise<readonly string[]> =>
  (await collect(hris.directory.list())).map(({ id }) => id);

const asked = (ids: readonly string[]) => ids.map((individual_id) => ({ individual_id }));

describe("the directory", () => {
  it("has everybody, page by page, those who left too", async () => {
    const { hris } = await connectTo({ people: 250 });
    const page = await hris.directory.list({ limit: 100, offset: 0 });
    expect(page.paging).toEqual({ offset: 0, count: 250 });
    const paged: Finch.HRIS.IndividualInDirectory[] = [];
    for await (const person of page) paged.push(person);
    const all = await collect(hris.directory.list());
    expect(paged).toEqual(all);
    expect(new Set(all.map(({ id }) => id)).size).toBe(250);
    expect(all.some(({ is_active }) => is_active === false)).toBe(true);
    const ids = new Set(all.map(({ id }) => id));
    expect(all.slice(1).every(({ manager }) => ids.has(manager?.id ?? ""))).toBe(true);
    expect((await hris.directory.list({ offset: 250 })).individuals).toEqual([]);
  });

  it("has 20 people unless told otherwise, by the door, the sign-in page or the sandbox", async () => {
    const { connectAndExchange, as, sdk } = await startFinch();
    const size = async (accessToken: string) => (await as(accessToken).hris.directory.list()).individuals.length;
    const grant = await connectAndExchange({}, { provider: "rippling" });
    expect(await size(grant.access_token)).toBe(20);
    const more = await connectAndExchange({}, { provider: "rippling", people: 31 });
    expect(more.connection_id).toBe(grant.connection_id);
    expect(await size(grant.access_token)).toBe(31);
    await connectAndExchange({}, { provider: "rippling" });
    expect(await size(grant.access_token)).toBe(31);
    const token = await connectAndExchange({}, { provider: "bamboo_hr", apiToken: "good_token", people: 2 });
    expect(await size(token.access_token)).toBe(2);
    const made = await sdk.sandbox.connections.create({ provider_id: "gusto", employee_size: 3 });
    expect(await size(made.access_token)).toBe(3);
  });

  it.each([{ limit: 0 }, { limit: -1 }, { limit: 1.5 }, { offset: -1 }])("refuses the page %o", async (query) => {
    const { hris } = await connectTo({});
    expect(await failureOf(hris.directory.list(query))).toMatchObject({ status: 400, error: { name: "bad_request" } });
  });

  it("is answered for one entity, and each has its own people", async () => {
    const { connectAndExchange, as } = await startFinch();
    const grant = await connectAndExchange({}, { username: "multi_entity" });
    const { hris } = as(grant.access_token);
    expect(await failureOf(hris.directory.list())).toMatchObject({ status: 400 });
    const [one, two] = await Promise.all(
      grant.entity_ids.slice(0, 2).map(async (id) => (await hris.directory.list({ entity_ids: [id] })).individuals),
    );
    expect(one).not.toEqual(two);
  });
});

describe("individuals and employments", () => {
  it("are answered in the order of the request, with a 404 for each that is unknown", async () => {
    const { hris } = await connectTo({});
    const ids = await idsOf(hris);
    const [first = "", second = ""] = ids;
    const unknown = crypto.randomUUID();
    const requests = asked([second, unknown, first, second]);
    for (const read of [hris.individuals, hris.employments]) {
      const { responses } = await read.retrieveMany({ requests });
      expect(responses).toMatchObject([
        { individual_id: second, code: 200, body: { id: second } },
        { individual_id: unknown, code: 404, body: { name: "not_found_error", finch_code: "individual_not_found" } },
        { individual_id: first, code: 200, body: { id: first } },
        { individual_id: second, code: 200, body: { id: second } },
      ]);
    }
    const { response } = await hris.individuals.retrieveMany({ requests }).withResponse();
    expect([response.status, response.headers.get("finch-last-attempted-update-result")]).toEqual([
      200,
      "partial_error",
    ]);
  });

  it("agree with the directory", async () => {
    const { hris } = await connectTo({ people: 50 });
    const people = await collect(hris.directory.list());
    const requests = asked(people.map(({ id }) => id));
    const individuals = (await hris.individuals.retrieveMany({ requests })).responses.map(({ body }) => body);
    const employments = (await hris.employments.retrieveMany({ requests })).responses.map(({ body }) => body);
    for (const [at, { id, first_name, last_name, is_active, manager }] of people.entries()) {
      expect(individuals[at]).toMatchObject({ id, first_name, last_name });
      expect(employments[at]).toMatchObject({ id, first_name, last_name, is_active, manager });
    }
    expect(individuals[0]).toMatchObject({ residence: { country: "US" }, phone_numbers: expect.any(Array) });
    expect(employments[0]).toMatchObject({ source_id: "E000001", income: { currency: "usd" } });
  });

  it("may fail one by one, in the shares that are set, and the rest is there", async () => {
    const errors = { individual_not_found: 0.1, not_implemented_error: 0.2, data_sync_in_progress: 0.05 };
    const { hris } = await connectTo({ people: 1000, item_errors: errors });
    const requests = asked(await idsOf(hris));
    const { responses } = await hris.employments.retrieveMany({ requests });
    const withCode = (code: number) => responses.filter((item) => item.code === code);
    expect(withCode(404).length).toBeGreaterThanOrEqual(98);
    expect(withCode(404).length).toBeLessThanOrEqual(102);
    expect(Math.abs(withCode(501).length - 200)).toBeLessThanOrEqual(2);
    expect(Math.abs(withCode(202).length - 50)).toBeLessThanOrEqual(2);
    expect(withCode(202)[0]?.body).toMatchObject({ name: "accepted", finch_code: "data_sync_in_progress" });
    expect(withCode(501)[0]?.body).toMatchObject({ code: 501, name: "not_implemented_error" });
    expect(withCode(200).length + withCode(404).length + withCode(501).length + withCode(202).length).toBe(1000);
  });

  it("take 10,000 people at once, and no more", async () => {
    const { hris } = await connectTo({ people: 10_000 });
    const ids = await idsOf(hris);
    const { responses } = await hris.individuals.retrieveMany({ requests: asked(ids) });
    expect(responses).toHaveLength(10_000);
    expect(responses.every(({ code }) => code === 200)).toBe(true);
    for (const requests of [asked([...ids, ids[0] ?? ""]), [], [{}]]) {
      const refused = hris.individuals.retrieveMany({ requests: requests as { individual_id: string }[] });
      expect(await failureOf(refused)).toMatchObject({ status: 400, error: { finch_code: "invalid_request" } });
    }
  });

  it("tell the SSN only to a token that covers it, and only when it is asked for", async () => {
    const read = async (products: readonly string[], include: string[]) => {
      const { hris } = await connectTo({ people: 1 }, { products: [...products] as never });
      const [id = ""] = await idsOf(hris);
      const params = { requests: asked([id]), options: { include } };
      return Object.keys((await hris.individuals.retrieveMany(params)).responses[0]?.body ?? {});
    };
    expect(await read([...everything.products, "ssn"], ["ssn"])).toContain("ssn");
    expect(await read([...everything.products, "ssn"], [])).not.toContain("ssn");
    expect(await read(everything.products, ["ssn"])).not.toContain("ssn");
  });

  it("need their products", async () => {
    const { hris } = await connectTo({}, { products: ["company"] });
    for (const read of [hris.individuals, hris.employments]) {
      const refused = failureOf(read.retrieveMany({ requests: asked([crypto.randomUUID()]) }));
      expect(await refused).toMatchObject({ status: 403, error: { name: "insufficient_scope_error" } });
    }
    expect(await failureOf(hris.directory.list())).toMatchObject({ status: 403 });
  });
});

describe("the ids of people", () => {
  it("hold through a reauthentication, unless the method of signing in is another", async () => {
    const { hris, reauthenticate, grant, as } = await connectTo({});
    const before = await idsOf(hris);
    const again = await reauthenticate(grant.connection_id);
    expect(await idsOf(as(again.access_token).hris)).toEqual(before);
  });

  it("are others in another connection to the same employer, with the same people", async () => {
    const { connectAndExchange, as } = await startFinch();
    const read = async (username: string) => {
      const { access_token } = await connectAndExchange({}, { provider: "rippling", username });
      return collect(as(access_token).hris.directory.list());
    };
    const [one, two] = [await read("good_user"), await read("good_user_2")];
    expect(two.map(({ first_name }) => first_name)).toEqual(one.map(({ first_name }) => first_name));
    expect(new Set([...one, ...two].map(({ id }) => id)).size).toBe(40);
  });
});
