/** What the reads of `/employer/*` have in common: whose data it is, and what is answered when there is none to have. */
import { liveEntities } from "./connections.ts";
import { type Bearer, findBearer } from "./credentials.ts";
import type { ReadProduct } from "./entity-data.ts";
import { type ErrorKind, errorReply } from "./errors.ts";
import { type Call, jsonReply, type Reply } from "./http.ts";
import type { ConnectionStatus, Entity, Simulation } from "./model.ts";

const troubles: Readonly<Partial<Record<ConnectionStatus, ErrorKind>>> = {
  pending: "data_sync_in_progress",
  processing: "data_sync_in_progress",
  error_no_account_setup: "account_setup_required",
  error_permissions: "error_permissions",
  reauth: "reauthenticate_user",
};

/** What a read answers instead of data while a connection or an entity is in this state. */
export const troubleOf = (status: ConnectionStatus): ErrorKind | undefined => troubles[status];

/** Whose data is read, and with which token. */
export type Employer = Bearer & { readonly entity: Entity };

/**
 * Finds the employer that a call is about, and refuses where Finch would. Some entities may be in trouble while others can
 * be read with the same token.
 */
export const withEmployer = (
  simulation: Simulation,
  call: Call,
  product: ReadProduct,
  respond: (employer: Employer) => Reply,
): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const { token, connection } = bearer;
  if (!token.products.includes(product)) return errorReply("insufficient_scope_error");
  const readable = liveEntities(connection).filter(({ id }) => token.entityIds.includes(id));
  const asked = ["entity_ids[]", "entity_ids"].flatMap((name) => call.query.getAll(name));
  const [entity] = asked.length === 0 ? readable : readable.filter(({ id }) => id === asked[0]);
  const isClear = asked.length === 1 || (asked.length === 0 && readable.length === 1);
  const trouble = troubleOf(isClear && entity ? entity.status : connection.status);
  if (trouble) return errorReply(trouble);
  // What Finch answers without `entity_ids` where there are several is not documented.
  if (!isClear || !entity) return errorReply("bad_request", "entity_ids must name one entity of this access token");
  const answer = entity.data?.answers?.[product];
  return answer ? errorReply(answer) : respond({ ...bearer, entity });
};

/** A good answer, with the headers that say how fresh the data is (Finch docs, "Headers"). */
export const dataReply = (
  { now }: Simulation,
  value: unknown,
  result: "success" | "partial_error" = "success",
): Reply => {
  const reply = jsonReply(200, value);
  const freshness = {
    "finch-data-retrieved": now().toISOString(),
    "finch-last-attempted-update-date": now().toISOString(),
    "finch-last-attempted-update-result": result,
  };
  return { ...reply, headers: { ...reply.headers, ...freshness } };
};
