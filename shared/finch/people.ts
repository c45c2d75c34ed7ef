/** Who works for an employer, as Finch tells it: its directory, and who people are and what they do in batches. */
import type { Employment, Individual } from "../employee/record.ts";
import type { BatchAnswer, BatchItem, DirectoryEntry, NoPeople, People, ToldIndividual } from "../roster/ports.ts";
import type { Secret } from "../secret.ts";
import { secret } from "../secret.ts";
import { isError, readFailure } from "./answers.ts";
import type { FinchAnswer, FinchCall, SendToFinch } from "./request.ts";

type Body = Readonly<Record<string, unknown>>;

/** Finch reads some providers live, which takes minutes; its own limit is six. */
const timeoutMs = 120_000;
const longestText = 300;
const mostContacts = 20;

/** Reads people at Finch. Needs the token only. Of what Finch tells, only what rosters use is kept. */
export const createPeople = (send: SendToFinch): People => {
  const read = (accessToken: Secret, call: Pick<FinchCall, "method" | "path" | "body">) =>
    send({ ...call, authorization: secret(`Bearer ${accessToken.reveal()}`), timeoutMs });

  const readBatch = async <Told>(
    accessToken: Secret,
    path: string,
    body: Body,
    ids: readonly string[],
    describe: (body: Body) => Told,
  ): Promise<BatchAnswer<Told>> => {
    const answer = await read(accessToken, { method: "POST", path, body });
    if (answer.kind === "undecided") return answer;
    const responses = answer.body?.["responses"];
    if (answer.status !== 200 || !Array.isArray(responses)) return readNoPeople(answer);
    const told = new Map(responses.map((each) => [text(map(each)["individual_id"]), map(each)]));
    return { kind: "batch", items: ids.map((id) => readItem(id, told.get(id), describe)) };
  };

  return {
    async readDirectory(accessToken, entityId, { offset, limit }) {
      const path = `/employer/directory?${queryOf(entityId, `limit=${limit}`, `offset=${offset}`)}`;
      const answer = await read(accessToken, { method: "GET", path });
      if (answer.kind === "undecided") return answer;
      const individuals = answer.body?.["individuals"];
      // A 202 reads like a directory of nobody: it never is one.
      if (answer.status !== 200 || !Array.isArray(individuals)) return readNoPeople(answer);
      const count = map(answer.body?.["paging"])["count"];
      const people = individuals.map(map).flatMap(readEntry);
      return { kind: "page", people, told: individuals.length, count: typeof count === "number" ? count : undefined };
    },

    readIndividuals(accessToken, entityId, ids, withSsn) {
      const body = { requests: ids.map(asRequest), ...(withSsn && { options: { include: ["ssn"] } }) };
      return readBatch(accessToken, `/employer/individual?${queryOf(entityId)}`, body, ids, readIndividual);
    },

    readEmployments(accessToken, entityId, ids) {
      const body = { requests: ids.map(asRequest) };
      return readBatch(accessToken, `/employer/employment?${queryOf(entityId)}`, body, ids, readEmployment);
    },
  };
};

const asRequest = (id: string) => ({ individual_id: id });

const queryOf = (entityId: string | null, ...more: readonly string[]): string =>
  [...(entityId === null ? [] : [`entity_ids[]=${encodeURIComponent(entityId)}`]), ...more].join("&");

const readNoPeople = (answer: FinchAnswer): NoPeople => {
  const { status, body } = answer;
  if (status === 202) return { kind: "not_ready" };
  if (status === 501) return { kind: "not_supported" };
  if (status === 403) return { kind: isError(body, "insufficient_scope_error") ? "not_granted" : "not_permitted" };
  const needsCustomer = isError(body, "reauthenticate_user", "account_setup_required", "invalid_token_error");
  return status === 401 && needsCustomer ? { kind: "needs_customer" } : readFailure(answer);
};

const readItem = <Told>(
  individualId: string,
  item: Body | undefined,
  describe: (body: Body) => Told,
): BatchItem<Told> => {
  if (item === undefined) return { individualId, kind: "untold", error: "not_answered", passes: true };
  const code = Number(item["code"]);
  const body = map(item["body"]);
  if (code === 200) return { individualId, kind: "told", body: describe(body) };
  const passes = code === 202 || code === 408 || code === 429 || (code >= 500 && code !== 501);
  const name = text(body["finch_code"]) ?? text(body["name"]) ?? `http_${code}`;
  // Bounded and plain, since it is shown and logged.
  return { individualId, kind: "untold", error: name.replace(/[^a-z0-9_]/gi, "").slice(0, 64), passes };
};

const readEntry = (entry: Body): DirectoryEntry[] => {
  const id = text(entry["id"]);
  if (id === undefined || id.length > 128 || !id.isWellFormed()) return [];
  return [{ id, ...namesOf(entry), department: departmentOf(entry), is_active: flag(entry["is_active"]) }];
};

const readIndividual = (body: Body): ToldIndividual => {
  const ssn = text(body["ssn"]);
  const residence = body["residence"];
  const individual: Individual = {
    ...namesOf(body),
    preferred_name: short(body["preferred_name"]),
    emails: contacts(body["emails"]),
    phone_numbers: contacts(body["phone_numbers"]),
    gender: short(body["gender"]),
    dob: short(body["dob"]),
    residence: typeof residence === "object" && residence !== null ? locationOf(map(residence)) : null,
  };
  return { individual, ssn: ssn === undefined ? undefined : secret(ssn) };
};

const readEmployment = (body: Body): Employment => ({
  title: short(body["title"]),
  department: departmentOf(body),
  start_date: short(body["start_date"]),
  end_date: short(body["end_date"]),
  latest_rehire_date: short(body["latest_rehire_date"]),
  is_active: flag(body["is_active"]),
  employment_status: short(body["employment_status"]),
});

const namesOf = (body: Body) => ({
  first_name: short(body["first_name"]),
  middle_name: short(body["middle_name"]),
  last_name: short(body["last_name"]),
});

const departmentOf = (body: Body): { readonly name: string | null } | null => {
  const name = short(map(body["department"])["name"]);
  return name === null ? null : { name };
};

const locationOf = (place: Body) => ({
  line1: short(place["line1"]),
  line2: short(place["line2"]),
  city: short(place["city"]),
  state: short(place["state"]),
  postal_code: short(place["postal_code"]),
  country: short(place["country"]),
});

const contacts = (value: unknown) =>
  (Array.isArray(value) ? value : [])
    .slice(0, mostContacts)
    .map(map)
    .map((contact) => ({ data: short(contact["data"]), type: short(contact["type"]) }));

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const short = (value: unknown): string | null => text(value)?.slice(0, longestText).toWellFormed() ?? null;
const flag = (value: unknown): boolean | null => (typeof value === "boolean" ? value : null);
const map = (value: unknown): Body => ({ ...Object(value) });
