/** The batches of `/employer/*`: up to 10,000 people, each answered for by itself, so that one may fail and others not. */
import { dataReply, type Employer, withEmployer } from "./employer.ts";
import { type IndividualIds, individualIdsOf, sampleOf } from "./employer-data.ts";
import { type ErrorKind, errorKinds, errorReply, notJson } from "./errors.ts";
import { asObject, type Call, parseJsonObject, type Reply } from "./http.ts";
import type { Entity, Simulation } from "./model.ts";
import { type Person, personOf } from "./people.ts";

const mostRequests = 10_000;

/** What the body of one person's answer is made of. */
export type BatchPerson = Employer & {
  readonly person: Person;
  readonly idOf: IndividualIds["idOf"];
  /** What the request's `options.include` names. */
  readonly include: readonly unknown[];
};

/** Answers a batch. HTTP says 200 even when people fail: each has a `code`, and a body that is data or an error. */
export const readBatch = (
  simulation: Simulation,
  call: Call,
  product: "individual" | "employment",
  describe: (who: BatchPerson) => unknown,
): Reply =>
  withEmployer(simulation, call, product, (employer) => {
    const { connection, entity } = employer;
    const body = parseJsonObject(call.body);
    if (!body) return notJson();
    const asked = readRequests(body["requests"]);
    if (!asked) {
      return errorReply("bad_request", `requests must be a list of 1 to ${mostRequests} objects with an individual_id`);
    }
    const included = asObject(body["options"])?.["include"];
    const include: readonly unknown[] = Array.isArray(included) ? included : [];
    const sample = sampleOf(connection, entity);
    const { idOf, indexOf } = individualIdsOf(connection, entity);
    const responses = asked.map((id) => {
      const index = indexOf(id);
      const isKnown = index !== undefined && index < sample.count;
      const failure = isKnown ? itemErrorOf(entity, index) : "individual_not_found";
      if (failure || !isKnown) return failedItem(id, failure ?? "individual_not_found");
      const person = personOf(sample, index);
      return { individual_id: id, code: 200, body: describe({ ...employer, person, idOf, include }) };
    });
    const allWell = responses.every(({ code }) => code === 200);
    return dataReply(simulation, { responses }, allWell ? "success" : "partial_error");
  });

const readRequests = (value: unknown): readonly string[] | undefined => {
  if (!Array.isArray(value) || value.length < 1 || value.length > mostRequests) return undefined;
  const ids = value.map((request) => asObject(request)?.["individual_id"]);
  return ids.every((id) => typeof id === "string") ? ids : undefined;
};

/** Why this person cannot be read: the reasons have their shares of all people, evenly spread, and nobody has two. */
const itemErrorOf = ({ data }: Entity, index: number): ErrorKind | undefined => {
  let left = ((index + 1) * goldenRatio) % 1;
  return errorKinds.find((kind) => {
    left -= data?.itemErrors?.[kind] ?? 0;
    return left < 0;
  });
};

/** Its multiples, without their whole parts, are spread as evenly as any number's. */
const goldenRatio = 0.618033988749895;

const failedItem = (id: string, kind: ErrorKind) => {
  const { status, body } = errorReply(kind);
  return { individual_id: id, code: status, body: parseJsonObject(body) };
};
