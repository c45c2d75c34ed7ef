import { ok, type Result, refuse } from "../result.ts";
import type { ConnectionId, CustomerId, TokenId } from "./identifiers.ts";
import type { Surroundings } from "./ports.ts";
import type { ConnectionStore } from "./store-ports.ts";

/** A secret of the token store, without its value. */
export interface KeptSecret {
  readonly name: string;
  readonly createdAt: Date;
  /** The token whose item is to name it; undefined if the secret does not say. */
  readonly token:
    | { readonly customerId: CustomerId; readonly connectionId: ConnectionId; readonly tokenId: TokenId }
    | undefined;
}

/** What the token store keeps outside the table. */
export interface SecretInventory {
  /**
   * A page of the secrets that are not scheduled for removal. `from` is where an earlier page ended; a place that is not
   * known any more gives the first page.
   */
  readonly list: (
    from: string | undefined,
  ) => Promise<{ readonly secrets: readonly KeptSecret[]; readonly next: string | undefined }>;
  /** Has a secret removed in 30 days, until when it can be restored. Safe to repeat. */
  readonly scheduleRemoval: (name: string) => Promise<void>;
}

export interface SweepSecretsDependencies extends Pick<Surroundings, "now"> {
  readonly inventory: SecretInventory;
  readonly connections: Pick<ConnectionStore, "findToken">;
}

/** What a run has done. */
export interface SweptSecrets {
  readonly looked: number;
  readonly scheduled: number;
  /** Named like a token's secret, but without the ids that would tell whether it is one: they stay. */
  readonly unreadable: number;
  /** Where the next run goes on; undefined when all have been looked at. */
  readonly next: string | undefined;
}

/** Nothing was removed: so many secrets without an item are the sign of items that are gone, not of failed exchanges. */
export type SweepRefusal = { readonly reason: "too_many_unnamed"; readonly looked: number; readonly unnamed: number };

/** Asks for another run, which goes on from where one ended. */
export type ContinueSweep = (from: string) => Promise<void>;

/** A secret is made before the write that names it, by a function that lives for minutes. */
const ageMs = 24 * 3_600_000;
const mostRemovals = 20;
const mostPages = 1_000;

/**
 * Creates the use case: has those secrets removed that no token's item names. Such are left behind by a function that died
 * between a secret and the write that names it, or between the write that drops a token and the secret's deletion. A run
 * ends at its deadline, and tells where the next goes on. It decides on all it has looked at: more than 20 without an item,
 * and it removes none.
 */
export const sweepSecrets =
  ({ inventory, connections, now }: SweepSecretsDependencies) =>
  async (from: string | undefined, deadline: Date): Promise<Result<SweptSecrets, SweepRefusal>> => {
    const madeBefore = now().getTime() - ageMs;
    const isNamed = async ({ token }: KeptSecret): Promise<boolean> =>
      token === undefined ||
      (await connections.findToken(token.customerId, token.connectionId, token.tokenId)) !== undefined;

    const unnamed = new Set<string>();
    let next = from;
    let looked = 0;
    let unreadable = 0;
    for (let page = 0; page < mostPages && now() < deadline; page += 1) {
      const listed = await inventory.list(next);
      const old = listed.secrets.filter(({ createdAt }) => createdAt.getTime() <= madeBefore);
      const named = await Promise.all(old.map(isNamed));
      for (const [index, { name }] of old.entries()) if (!named[index]) unnamed.add(name);
      looked += listed.secrets.length;
      unreadable += listed.secrets.filter(({ token }) => token === undefined).length;
      if (unnamed.size > mostRemovals) return refuse({ reason: "too_many_unnamed", looked, unnamed: unnamed.size });
      next = listed.next;
      if (next === undefined) break;
    }
    for (const name of unnamed) await inventory.scheduleRemoval(name);
    return ok({ looked, scheduled: unnamed.size, unreadable, next });
  };
