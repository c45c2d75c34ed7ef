import type { NudgeChecks } from "../connection/check-request.ts";
import { type Connection, isInUse } from "../connection/connection.ts";
import type { Employer } from "../connection/employer.ts";
import { isNotAsked, type NotAsked } from "../connection/finch-port.ts";
import type { TokenId } from "../connection/identifiers.ts";
import type { Surroundings, TokenVault } from "../connection/ports.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import type { Secret } from "../secret.ts";
import { chooseToken } from "../use/choose-token.ts";
import { dueEntities } from "./due.ts";
import type { Company, EmployerRead, NudgeEmployerReads, ReadCompany } from "./ports.ts";

export interface ReadEmployersDependencies extends Pick<Surroundings, "now"> {
  readonly connections: Pick<ConnectionStore, "find" | "findToken" | "keepEmployers">;
  readonly vault: Pick<TokenVault, "open">;
  readonly readCompany: ReadCompany;
  readonly nudgeChecks: NudgeChecks;
  readonly nudgeEmployerReads: NudgeEmployerReads;
}

/** How a read ended: `more` and `later` have asked for another message. */
export type ReadOutcome = "done" | "more" | "later" | "gave_up" | "void";

/** So many entities in one step: each is one call, and Finch takes twenty a minute of all Perch's together. */
const atOnce = 10;
const laterSeconds = 900;
const turnSeconds = 60;
/** Three hours; after that the next look at the connection asks again. */
const mostAttempts = 12;
const mostWrites = 5;

const nothing: Company = { legalName: null, entityType: null, entitySubtype: null, einLastFour: null };

/**
 * Creates the use case: reads the employers of a connection that are due, an entity each, and stores them in the connection.
 * What Finch does not decide is tried again later; a connection with many entities takes several steps. A 401 sets off a look:
 * it decides nothing itself.
 *
 * @throws what the vault throws for a token whose item is there, and what keeps a message from being sent.
 */
export const readEmployers =
  (deps: ReadEmployersDependencies) =>
  async (read: EmployerRead): Promise<ReadOutcome> => {
    const { customerId, connectionId } = read;
    const begun = await deps.connections.find(customerId, connectionId);
    if (begun === undefined || !isInUse(begun)) return "void";
    const wanted = dueEntities(begun, deps.now(), read.staleBefore);
    const openToken = openEachOnce(deps, begun);
    const found: Employer[] = [];
    let isUndecided = false;
    let notAsked: NotAsked | undefined;
    for (const entityId of wanted.slice(0, atOnce)) {
      const employer = await readOne(deps, begun, openToken, entityId);
      if (employer === undefined) isUndecided = true;
      else if ("retryAfterSeconds" in employer) notAsked = employer;
      else found.push(employer);
      // The platform's or Finch's trouble is not this entity's: the others would hear the same.
      if (isUndecided || notAsked !== undefined) break;
    }
    await store(deps, begun, found);
    if (found.some(({ status }) => status === "reauthentication_required")) {
      await deps.nudgeChecks([{ customerId, connectionId, reason: "call", askedAt: deps.now() }]);
    }
    if (notAsked !== undefined) {
      // No attempt: it comes again, however often, when others have had their turn.
      await deps.nudgeEmployerReads(read, Math.min(laterSeconds, Math.max(turnSeconds, notAsked.retryAfterSeconds)));
      return "later";
    }
    if (isUndecided) {
      if (read.attempt >= mostAttempts) return "gave_up";
      await deps.nudgeEmployerReads({ ...read, attempt: read.attempt + 1 }, laterSeconds);
      return "later";
    }
    if (wanted.length <= atOnce) return "done";
    await deps.nudgeEmployerReads({ ...read, attempt: 0 }, 0);
    return "more";
  };

/** Opens a connection's tokens, each once however many entities it serves; undefined for one that is no longer there. */
const openEachOnce = (
  { connections, vault }: Pick<ReadEmployersDependencies, "connections" | "vault">,
  connection: Connection,
): ((tokenId: TokenId) => Promise<Secret | undefined>) => {
  const opened = new Map<TokenId, Promise<Secret | undefined>>();
  const open = async (tokenId: TokenId): Promise<Secret | undefined> => {
    const token = await connections.findToken(connection.customerId, connection.connectionId, tokenId);
    return token && vault.open(token.sealed, connection);
  };
  return (tokenId) => {
    const known = opened.get(tokenId) ?? open(tokenId);
    opened.set(tokenId, known);
    return known;
  };
};

/** What Finch says of one entity's employer; undefined where it does not decide, and why where it could not be asked. */
const readOne = async (
  deps: ReadEmployersDependencies,
  connection: Connection,
  openToken: ReturnType<typeof openEachOnce>,
  entityId: string | null,
): Promise<Employer | NotAsked | undefined> => {
  const as = (status: Employer["status"], company = nothing): Employer => ({
    ...{ entityId, status, readAt: deps.now() },
    ...company,
  });
  const choice = chooseToken(connection, { products: ["company"], entityId: entityId ?? undefined });
  if ("refusal" in choice) {
    return as(choice.refusal.reason === "product_not_granted" ? "not_granted" : "reauthentication_required");
  }
  const accessToken = await openToken(choice.token.tokenId);
  // Superseded meanwhile: the next try chooses another.
  if (accessToken === undefined) return undefined;
  const answer = await deps.readCompany(accessToken, entityId);
  switch (answer.kind) {
    case "company":
      return as("available", answer.company);
    case "not_ready":
    case "not_supported":
    case "not_permitted":
    case "not_granted":
      return as(answer.kind);
    case "needs_customer":
      return as("reauthentication_required");
    case "platform_trouble":
      return undefined;
    case "undecided":
      return isNotAsked(answer) ? answer : undefined;
  }
};

/** Puts what was read into the connection as it is by now. */
const store = async (
  { connections }: Pick<ReadEmployersDependencies, "connections">,
  { customerId, connectionId, createdAt }: Connection,
  found: readonly Employer[],
): Promise<void> => {
  if (found.length === 0) return;
  for (let write = 1; write <= mostWrites; write += 1) {
    const connection = await connections.find(customerId, connectionId);
    // It has ended, or begun a life of which nothing was read.
    if (connection === undefined || connection.createdAt.getTime() !== createdAt.getTime()) return;
    if (await connections.keepEmployers(connection, merge(connection, found))) return;
  }
  // Others keep changing it; what is not stored stays due.
};

const merge = (connection: Connection, found: readonly Employer[]): readonly Employer[] => {
  const known = new Map([...connection.employers, ...found].map((employer) => [employer.entityId, employer]));
  const kept = new Set(connection.entities.length === 0 ? [null] : connection.entities.map(({ id }) => id));
  return [...known.values()].filter(({ entityId }) => kept.has(entityId));
};
