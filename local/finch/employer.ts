/** `GET /employer/company`, as far as it shows whether a connection and an entity can be read. */
import { liveEntities } from "./connections.ts";
import { type Bearer, findBearer } from "./credentials.ts";
import { type ErrorKind, errorReply } from "./errors.ts";
import { type Call, jsonReply, type Reply } from "./http.ts";
import { companyIdOf } from "./logins.ts";
import type { ConnectionStatus, Simulation } from "./model.ts";

/** What a read of `/employer/*` answers while the connection, or the entity, is in this state. */
const troubles: Readonly<Partial<Record<ConnectionStatus, ErrorKind>>> = {
  pending: "data_sync_in_progress",
  processing: "data_sync_in_progress",
  error_no_account_setup: "account_setup_required",
  error_permissions: "error_permissions",
  reauth: "reauthenticate_user",
};

/** The company behind an entity. Some entities may be in trouble while others can be read with the same token. */
export const readCompany = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const { token, connection } = bearer;
  if (!token.products.includes("company")) return errorReply("insufficient_scope_error");
  const readable = readableEntities(bearer);
  const asked = ["entity_ids[]", "entity_ids"].flatMap((name) => call.query.getAll(name));
  const [entity] = asked.length === 0 ? readable : readable.filter(({ id }) => id === asked[0]);
  const isClear = asked.length === 1 || (asked.length === 0 && readable.length === 1);
  const trouble = troubles[isClear && entity ? entity.status : connection.status];
  if (trouble) return errorReply(trouble);
  // What Finch answers without `entity_ids` where there are several is not documented.
  if (!isClear || !entity) return errorReply("bad_request", "entity_ids must name one entity of this access token");
  const company = entity.name ?? connection.companyName;
  return jsonReply(200, {
    id: companyIdOf({ providerId: connection.providerId, company }),
    legal_name: company,
    entity: null,
    primary_email: null,
    primary_phone_number: null,
    departments: null,
    ein: null,
    locations: null,
    accounts: null,
  });
};

const readableEntities = ({ token, connection }: Bearer) =>
  liveEntities(connection).filter(({ id }) => token.entityIds.includes(id));
