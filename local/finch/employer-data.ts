/** What an employer is made of: its name, its people and their ids at Finch. */
import { createHash } from "node:crypto";
import { asMailbox } from "./identity.ts";
import type { Connection, Entity } from "./model.ts";
import type { PeopleSample } from "./people.ts";

const defaultPeople = 20;

/** What an employer is called: an entity has a name of its own where there are several. */
export const employerNameOf = (connection: Connection, entity: Entity): string => entity.name ?? connection.companyName;

/** The seed of an employer: the same employer at the same provider has the same people in every run. */
export const employerSeedOf = (connection: Connection, entity: Entity): string =>
  `${connection.providerId}\n${employerNameOf(connection, entity)}`;

/** The domain of an employer's e-mail addresses. */
export const domainOf = (connection: Connection, entity: Entity): string =>
  `${asMailbox(employerNameOf(connection, entity)) || "employer"}.example`;

/** The people of an entity. */
export const sampleOf = (connection: Connection, entity: Entity): PeopleSample => ({
  seed: entity.data?.seed ?? employerSeedOf(connection, entity),
  count: entity.data?.people ?? defaultPeople,
  domain: domainOf(connection, entity),
  overlap: entity.data?.overlap,
});

/** Makes Finch's ids for the people of an entity, and knows them again. */
export type IndividualIds = {
  readonly idOf: (index: number) => string;
  /** The number of the person, or undefined when no id of this entity reads so. */
  readonly indexOf: (id: string) => number | undefined;
};

/**
 * Finch's ids for people are of one connection and entity, hold through a reauthentication, and may change when the
 * employer signs in by another method (Finch docs, "Handling API Responses"), as they do here. The number of the person
 * is in the id, scrambled, so that nothing has to be kept of 100,000 people.
 */
export const individualIdsOf = (connection: Connection, entity: Entity): IndividualIds => {
  const digest = createHash("sha256").update(`${connection.id}\n${connection.authMethod}\n${entity.id}`).digest("hex");
  // A UUID of version 8 (RFC 9562, §5.8).
  const prefix = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 24)}`;
  const mask = Number.parseInt(digest.slice(24, 32), 16);
  return {
    idOf: (index) => prefix + ((Math.imul(index, scramble) ^ mask) >>> 0).toString(16).padStart(8, "0"),
    indexOf: (id) => {
      const tail = id.slice(prefix.length);
      if (!id.startsWith(prefix) || !/^[0-9a-f]{8}$/.test(tail)) return undefined;
      return Math.imul(Number.parseInt(tail, 16) ^ mask, unscramble) >>> 0;
    },
  };
};

/** Any odd number has an inverse modulo 2³²; Newton's method finds it. */
const inverseOf = (odd: number): number => {
  let inverse = odd;
  for (let step = 0; step < 5; step += 1) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  return inverse;
};
const scramble = 0x9e3779b1;
const unscramble = inverseOf(scramble);
