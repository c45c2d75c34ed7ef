/** What is kept of a person, field by field: the fields that rosters use, in bounds, and nothing else. */
import { describe, expect, it } from "vitest";
import { createPeople } from "#shared/finch/people.ts";
import { secret } from "#shared/secret.ts";

const token = secret("a-token");
const long = "x".repeat(1_000);
const cut = "x".repeat(300);

const peopleThatTell = (body: object, status = 200) =>
  createPeople(async () => ({ kind: "answer", status, body: { ...body }, requestId: undefined }));

/** What is kept of one person whom a batch tells so. */
const readIndividual = async (body: object) => {
  const people = peopleThatTell({ responses: [{ individual_id: "one", code: 200, body }] });
  const answer = await people.readIndividuals(token, null, ["one"], true);
  const [item] = answer.kind === "batch" ? answer.items : [];
  return item?.kind === "told" ? item.body : expect.fail("nothing was told");
};
const readEmployment = async (body: object) => {
  const people = peopleThatTell({ responses: [{ individual_id: "one", code: 200, body }] });
  const answer = await people.readEmployments(token, null, ["one"]);
  const [item] = answer.kind === "batch" ? answer.items : [];
  return item?.kind === "told" ? item.body : expect.fail("nothing was told");
};
const readEntries = async (...individuals: readonly unknown[]) => {
  const answer = await peopleThatTell({ individuals }).readDirectory(token, null, { offset: 0, limit: 100 });
  return answer.kind === "page" ? answer.people : expect.fail("there is no directory");
};

const residence = { line1: "1 Rye Rd", line2: "Flat 2", city: "Ely", state: "MN", postal_code: "55731", country: "US" };
const names = { first_name: "Ann", middle_name: "Bea", last_name: "Cole" };
const individual = {
  ...names,
  ...{ preferred_name: "Annie", gender: "female", dob: "1988-04-12", residence },
  emails: [{ data: "ann@home.example", type: "personal" }],
  phone_numbers: [{ data: "+1 555 0100", type: "work" }],
};
const nobody = {
  ...{ first_name: null, middle_name: null, last_name: null, preferred_name: null, emails: [], phone_numbers: [] },
  ...{ gender: null, dob: null, residence: null },
};
const job = {
  ...{ title: "Baker", department: { name: "Bakery" }, start_date: "2021-05-03", end_date: "2024-01-31" },
  ...{ latest_rehire_date: "2023-02-01", is_active: false, employment_status: "terminated" },
};
const noJob = {
  ...{ title: null, department: null, start_date: null, end_date: null, latest_rehire_date: null },
  ...{ is_active: null, employment_status: null },
};

describe("of an individual", () => {
  it("each field that rosters use is kept, and no other", async () => {
    const others = { id: "one", ethnicity: "declined", encrypted_ssn: "c2VhbGVk", manager: { id: "two" } };
    expect(await readIndividual({ ...individual, ...others })).toEqual({ individual, ssn: undefined });
  });

  it("a field that is absent, empty or no text is null", async () => {
    expect((await readIndividual({})).individual).toEqual(nobody);
    const fields = Object.keys(nobody);
    for (const value of ["", 7, null, true]) {
      const body = Object.fromEntries(fields.map((field) => [field, value]));
      expect((await readIndividual(body)).individual, `${value}`).toEqual(nobody);
    }
  });

  it("a residence that is an object has each of its fields, or null", async () => {
    const nowhere = { line1: null, line2: null, city: null, state: null, postal_code: null, country: null };
    expect((await readIndividual({ residence: {} })).individual.residence).toEqual(nowhere);
  });

  it("a text is cut at 300 characters, and half a character is none", async () => {
    const body = { first_name: long, residence: { city: long }, emails: [{ data: long, type: long }] };
    const { first_name, residence: home, emails } = (await readIndividual(body)).individual;
    expect([first_name, home?.city, emails]).toEqual([cut, cut, [{ data: cut, type: cut }]]);
    const halved = (await readIndividual({ first_name: `${"x".repeat(299)}😀` })).individual.first_name;
    expect(halved).toBe(`${"x".repeat(299)}\ufffd`);
  });

  it.each(["emails", "phone_numbers"] as const)("twenty %s are kept, each as far as it is told", async (field) => {
    const many = Array.from({ length: 21 }, (_, at) => ({ data: `${at}`, type: "work" }));
    expect((await readIndividual({ [field]: many })).individual[field]).toEqual(many.slice(0, 20));
    const odd = [null, "a@b.example", { data: 7 }, { data: "" }];
    expect((await readIndividual({ [field]: odd })).individual[field]).toEqual(
      odd.map(() => ({ data: null, type: null })),
    );
    for (const none of [undefined, null, "a@b.example", { data: "a" }]) {
      expect((await readIndividual({ [field]: none })).individual[field]).toEqual([]);
    }
  });

  it("an SSN is kept apart, and there is none where none is told", async () => {
    expect((await readIndividual({ ssn: "123456789" })).ssn?.reveal()).toBe("123456789");
    for (const ssn of [undefined, null, "", 123_456_789]) expect((await readIndividual({ ssn })).ssn).toBeUndefined();
  });
});

describe("of an employment", () => {
  it("each field that rosters use is kept, and no other", async () => {
    const others = { income: { amount: 1 }, manager: { id: "two" }, location: residence, custom_fields: [] };
    expect(await readEmployment({ ...names, ...job, ...others })).toEqual(job);
  });

  it("a field that is absent, empty or of another type is null", async () => {
    expect(await readEmployment({})).toEqual(noJob);
    for (const value of ["", 7, null]) {
      const body = Object.fromEntries(Object.keys(noJob).map((field) => [field, value]));
      expect(await readEmployment(body), `${value}`).toEqual(noJob);
    }
    expect((await readEmployment({ department: { name: "" } })).department).toBeNull();
  });
});

describe("of somebody in a directory", () => {
  it("id, names, department and activity are kept", async () => {
    const entry = { id: "one", ...names, department: { name: "Bakery" }, is_active: false };
    expect(await readEntries({ ...entry, manager: { id: "two" } })).toEqual([entry]);
    const unknown = { first_name: null, middle_name: null, last_name: null, department: null, is_active: null };
    expect(await readEntries({ id: "two" })).toEqual([{ id: "two", ...unknown }]);
  });

  it("an id has 128 characters at most: who has a longer one, half a character or none, is nobody who can be asked for", async () => {
    const ids = ["a".repeat(128), "a".repeat(129), "a\ud83d", "", undefined, 7];
    expect((await readEntries(...ids.map((id) => ({ id })))).map(({ id }) => id)).toEqual([ids[0]]);
  });
});
