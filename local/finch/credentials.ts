/** Who calls Finch: an application by its secret, or a connection by its access token. */
import { timingSafeEqual } from "node:crypto";
import { type ErrorKind, errorReply } from "./errors.ts";
import type { Call, Reply } from "./http.ts";
import { type AccessToken, type Application, type Connection, type Simulation, sha256 } from "./model.ts";

const sameText = (left: string, right: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(left)), Buffer.from(sha256(right)));

/** Finds the application that has this id and secret. */
export const findApplication = (
  { applications }: Pick<Simulation, "applications">,
  clientId: unknown,
  clientSecret: unknown,
): Application | undefined =>
  typeof clientId === "string" && typeof clientSecret === "string"
    ? applications.find((known) => known.clientId === clientId && sameText(known.clientSecret, clientSecret))
    : undefined;

/** The application of a call with HTTP Basic authentication (RFC 7617). */
export const findBasicApplication = (simulation: Simulation, { authorization }: Call): Application | undefined => {
  const [, encoded] = /^basic ([a-z0-9+/]+=*)$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon < 0 ? undefined : findApplication(simulation, pair.slice(0, colon), pair.slice(colon + 1));
};

/** An access token that works, and its connection. */
export type Bearer = { readonly token: AccessToken; readonly connection: Connection };

/** The token of a call with Bearer authentication (RFC 6750), or the 401 that it deserves. */
export const findBearer = ({ state }: Simulation, { authorization }: Call): Bearer | Reply => {
  const refuse = (kind: ErrorKind) => errorReply(kind);
  if (authorization === undefined) return refuse("unauthorized_request_error");
  const [, accessToken] = /^bearer ([\x21-\x7e]+)$/i.exec(authorization) ?? [];
  const token = accessToken === undefined ? undefined : state.tokens.get(sha256(accessToken));
  const connection = token && state.connections.get(token.connectionId);
  return token && connection ? { token, connection } : refuse("invalid_token_error");
};
