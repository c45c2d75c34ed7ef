/** One request to Finch for one entity's people, and what follows from its answer. */
import type { NudgeChecks } from "../connection/check-request.ts";
import type { Connection } from "../connection/connection.ts";
import { isNotAsked } from "../connection/finch-port.ts";
import type { Surroundings } from "../connection/ports.ts";
import type { Employment } from "../employee/record.ts";
import type { Secret } from "../secret.ts";
import { chooseToken } from "../use/choose-token.ts";
import { addItemErrors, failEntity, nextPhase, readWithout, replaceEntity, rested } from "./entity-read.ts";
import { openEachOnce, openMarker, type TokenDependencies } from "./open-keys.ts";
import type {
  BatchAnswer,
  DataKeys,
  DirectoryAnswer,
  DirectoryEntry,
  NoPeople,
  PageVault,
  People,
  ToldIndividual,
} from "./ports.ts";
import { pageName, type StoredIndividual } from "./read-pages.ts";
import type { ConnectionRead, EntityRead, Phase, Roster } from "./roster.ts";

export interface ReadStepDependencies extends Pick<Surroundings, "now">, TokenDependencies {
  readonly pages: PageVault;
  readonly dataKeys: Pick<DataKeys, "open">;
  readonly people: People;
  readonly nudgeChecks: NudgeChecks;
  /** How many people are asked for at once. */
  readonly pageSize: number;
  /** The first pause when Finch is not ready or does not answer; the next are longer. */
  readonly firstWaitSeconds: number;
}

/** Whose people are read. */
interface StepContext {
  readonly roster: Roster;
  readonly connection: Connection;
}

/** A token, and whether it may read SSNs. */
interface Opened {
  readonly accessToken: Secret;
  readonly withSsn: boolean;
}

/** Finch fetches what it does not have within a day; assisted connections may take a week, and are incomplete then. */
const mostNotReadyMs = 24 * 3_600_000;
const longestPauseSeconds = 1_800;
const mostBudgetSeconds = 900;
/** With pauses from half a minute to half an hour: some four hours. */
const mostTries = 12;
/** Single people that Finch does not tell of just now. */
const mostItemTries = 3;

/**
 * Creates the step. It gives the connection's part as it is then, or as it waits; a page is stored before the part says
 * that it is.
 */
export const createReadStep = (deps: ReadStepDependencies, { roster, connection }: StepContext) => {
  const { customerId, connectionId } = connection;
  const openToken = openEachOnce(deps, connection);
  let marker: ReturnType<typeof openMarker> | undefined;
  /** The directory that was read last, whose people are asked for next; one only, however many pages there are. */
  let directory: { readonly name: string; readonly people: readonly DirectoryEntry[] } | undefined;
  const firstPauseSeconds = deps.firstWaitSeconds;

  const pause = (
    entity: EntityRead,
    waitingFor: NonNullable<EntityRead["waitingFor"]>,
    seconds: number,
  ): EntityRead => ({
    ...entity,
    waitingFor,
    waitUntil: new Date(deps.now().getTime() + seconds * 1_000),
  });
  const grow = (tries: number): number => Math.min(firstPauseSeconds * 2 ** tries, longestPauseSeconds);

  /** What follows where Finch tells nothing. */
  const withoutPeople = async (entity: EntityRead, answer: NoPeople): Promise<EntityRead> => {
    switch (answer.kind) {
      case "not_ready": {
        const since = entity.notReadySince ?? deps.now();
        if (deps.now().getTime() - since.getTime() >= mostNotReadyMs) return failEntity(entity, "not_ready");
        const next = { ...entity, notReadySince: since, tries: entity.tries + 1 };
        return pause(next, "not_ready", grow(entity.tries));
      }
      case "not_supported":
      case "not_permitted":
      case "not_granted":
        return entity.phase === "directory" ? failEntity(entity, answer.kind) : readWithout(entity, answer.kind);
      case "needs_customer":
        // It decides nothing here: Perch looks at the connection, and Finch says there what is wrong.
        await deps.nudgeChecks([{ customerId, connectionId, reason: "call", askedAt: deps.now() }]);
        return failEntity(entity, "reauthentication_required");
      case "platform_trouble":
      case "undecided":
        if (isNotAsked(answer)) return pause(entity, "budget", Math.min(answer.retryAfterSeconds, mostBudgetSeconds));
        if (entity.tries + 1 >= mostTries) return failEntity(entity, `finch_${answer.reason}`);
        return pause({ ...entity, tries: entity.tries + 1 }, "finch", grow(entity.tries));
    }
  };

  /** A token for the read, with SSNs where one has them; or what becomes of the entity without. */
  const token = async (entity: EntityRead, withSsn: boolean): Promise<Opened | EntityRead> => {
    const products = [entity.phase, ...(withSsn ? ["ssn"] : [])];
    const choice = chooseToken(connection, { products, entityId: entity.entityId ?? undefined });
    if ("refusal" in choice) {
      if (withSsn) return token(entity, false);
      const { reason } = choice.refusal;
      const isGranted = reason !== "product_not_granted" || entity.phase === "directory";
      return isGranted ? failEntity(entity, reason) : readWithout(entity, "not_granted");
    }
    // Superseded meanwhile: the next step of another run finds another.
    const accessToken = await openToken(choice.token.tokenId);
    return accessToken === undefined ? pause(entity, "finch", firstPauseSeconds) : { accessToken, withSsn };
  };

  const nameOf = (at: number, entity: EntityRead, phase: Phase = entity.phase) =>
    pageName(connectionId, at, entity.pages, phase);

  const readDirectory = async (at: number, entity: EntityRead, accessToken: Secret): Promise<EntityRead> => {
    const page = { offset: entity.people, limit: deps.pageSize };
    const answer: DirectoryAnswer = await deps.people.readDirectory(accessToken, entity.entityId, page);
    if (answer.kind !== "page") return withoutPeople(entity, answer);
    const { people, told, count } = answer;
    const end = page.offset + told;
    // Finch says that there are more, and tells none of them.
    if (told === 0 && count !== undefined && count > end) {
      return withoutPeople(entity, { kind: "undecided", reason: "unreadable" });
    }
    if (told === 0) return { ...entity, ...rested, state: "complete" };
    await deps.pages.put(roster, nameOf(at, entity), people);
    directory = { name: nameOf(at, entity), people };
    const isLastPage = count === undefined ? told < page.limit : end >= count;
    return nextPhase({ ...entity, pagePeople: told, isLastPage });
  };

  const idsOf = async (at: number, entity: EntityRead): Promise<readonly string[]> => {
    const name = nameOf(at, entity, "directory");
    const known = directory?.name === name ? directory.people : undefined;
    const people = known ?? ((await deps.pages.get(roster, name)) as readonly DirectoryEntry[]);
    return [...new Set(people.map(({ id }) => id))];
  };

  const readBatch = async <Told, Stored>(
    at: number,
    read: ConnectionRead,
    entity: EntityRead,
    ask: (ids: readonly string[]) => Promise<BatchAnswer<Told>>,
    keep: (told: Told) => Stored,
  ): Promise<ConnectionRead> => {
    const name = nameOf(at, entity);
    const known = entity.untold > 0 ? ((await deps.pages.get(roster, name)) as Record<string, Stored>) : {};
    const ids = (await idsOf(at, entity)).filter((id) => !Object.hasOwn(known, id));
    // Finch refuses a batch of nobody.
    const answer = ids.length === 0 ? ({ kind: "batch", items: [] } as const) : await ask(ids);
    if (answer.kind !== "batch") return replaceEntity(read, at, await withoutPeople(entity, answer));
    const stored = new Map(Object.entries(known));
    for (const item of answer.items) if (item.kind === "told") stored.set(item.individualId, keep(item.body));
    await deps.pages.put(roster, name, Object.fromEntries(stored));
    const untold = answer.items.filter((item) => item.kind === "untold");
    if (untold.some(({ passes }) => passes) && entity.itemTries < mostItemTries) {
      const next = { ...entity, ...rested, untold: untold.length, itemTries: entity.itemTries + 1 };
      return replaceEntity(read, at, pause(next, "people", grow(entity.itemTries)));
    }
    return replaceEntity(addItemErrors(read, entity, untold), at, nextPhase(entity));
  };

  return async (read: ConnectionRead, at: number): Promise<ConnectionRead> => {
    const entity = read.entities[at];
    if (entity === undefined) throw new RangeError("there is no such entity");
    const { phase } = entity;
    const opened = await token(entity, phase === "individual" && roster.ssnKey !== null);
    if (!("accessToken" in opened)) return replaceEntity(read, at, opened);
    const { accessToken, withSsn } = opened;
    if (phase === "directory") return replaceEntity(read, at, await readDirectory(at, entity, accessToken));
    if (phase === "individual") {
      if (withSsn) marker ??= openMarker(deps, roster);
      const mark = await marker;
      const ask = (ids: readonly string[]) => deps.people.readIndividuals(accessToken, entity.entityId, ids, withSsn);
      const keep = ({ individual, ssn }: ToldIndividual): StoredIndividual => {
        const ssnMark = mark?.(ssn?.reveal());
        return { individual, ...(ssnMark !== undefined && { ssn_mark: ssnMark }) };
      };
      return readBatch(at, read, entity, ask, keep);
    }
    const ask = (ids: readonly string[]) => deps.people.readEmployments(accessToken, entity.entityId, ids);
    return readBatch(at, read, entity, ask, (told: Employment) => told);
  };
};
