import { ok, type Result, refuse } from "../result.ts";
import { type AskDependencies, askAboutTokens } from "./ask-about-tokens.ts";
import { type CheckTimes, nextCheckAfter, nextCheckWhenUndecided } from "./check-times.ts";
import type { Connection } from "./connection.ts";
import type { PerchEvent } from "./events.ts";
import type { PlatformTrouble, Undecided } from "./finch-port.ts";
import type { ConnectionId, CustomerId, TokenId } from "./identifiers.ts";
import { judgeConnection } from "./judge-connection.ts";
import type { Sealed, Surroundings, TokenVault } from "./ports.ts";
import { statusEvents } from "./status-events.ts";
import type { ConnectionStore } from "./store-ports.ts";

interface LookDependencies extends AskDependencies, CheckTimes, Pick<Surroundings, "now" | "newId"> {}

export interface CheckConnectionDependencies extends LookDependencies, Surroundings {
  readonly connections: Pick<ConnectionStore, "find" | "findToken" | "replace" | "postpone">;
  readonly vault: Pick<TokenVault, "open" | "destroy">;
}

export type CheckRefusal =
  | { readonly reason: "connection_unknown" }
  /** Trouble of the platform's or of Finch's; the connection is as it was, and is looked at again soon. */
  | { readonly reason: "finch"; readonly answer: PlatformTrouble | Undecided };

/** What a look at a connection found. `calls` is how often Finch was asked. */
type Look = { readonly calls: number } & (
  | {
      readonly kind: "seen";
      /** The connection as it is to be stored: its next version. */
      readonly next: Connection;
      readonly events: readonly PerchEvent[];
      /** The items that go with the write. */
      readonly gone: readonly TokenId[];
      /** What the vault keeps of superseded tokens, to be destroyed after the write. */
      readonly superseded: readonly Sealed[];
      /** Every token was invalid for so long that none is kept. */
      readonly isExpired: boolean;
    }
  | { readonly kind: "undecided"; readonly answer: PlatformTrouble | Undecided }
  | { readonly kind: "nothing" }
  | { readonly kind: "overtaken" }
);

const mostLooks = 5;
const pauseMs = 50;

/**
 * Creates the use case: asks Finch about all tokens of a connection and stores what it says, in one write on the version
 * that was read. Where Finch decides nothing, only the next look moves. A connection that is being disconnected is left to
 * the driver.
 *
 * @throws what the vault throws for a token that does not open and that the connection's status hangs on.
 */
export const checkConnection =
  (deps: CheckConnectionDependencies) =>
  async (customerId: CustomerId, connectionId: ConnectionId): Promise<Result<Connection, CheckRefusal>> => {
    let overtakenAt: number | undefined;
    for (let looks = 1; ; looks += 1) {
      const connection = await deps.connections.find(customerId, connectionId);
      if (connection === undefined) return refuse({ reason: "connection_unknown" });
      if (connection.disconnect !== null) return ok(connection);
      // Others keep changing it, and look at it themselves: what they have stored is the answer.
      if (looks > mostLooks) return ok(connection);
      // At the same version twice, an item is not superseded but lost: the look goes on without it.
      const look = await lookAt(deps, connection, overtakenAt === connection.version);
      switch (look.kind) {
        case "seen":
          if (await storeLook(deps, look)) return ok(look.next);
          break;
        case "undecided":
          await deps.connections.postpone(connection, nextCheckWhenUndecided(connection, deps.now(), look.answer));
          return refuse({ reason: "finch", answer: look.answer });
        case "nothing":
          await deps.connections.postpone(connection, nextCheckAfter(deps, connection, deps.now()));
          return ok(connection);
        case "overtaken":
          overtakenAt = connection.version;
          break;
      }
      // It changed while Finch was asked: what was said is about a former state.
      await deps.sleep(pauseMs * looks);
    }
  };

/** Asks Finch about a connection, and says what is to be stored. Writes nothing. @throws as `checkConnection`. */
export const lookAt = async (
  deps: LookDependencies,
  connection: Connection,
  toleratesMissing: boolean,
): Promise<Look> => {
  const askedAt = deps.now();
  const heard = await askAboutTokens(deps, connection, toleratesMissing);
  if (heard.kind !== "decided") return heard;
  const now = deps.now();
  const judged = judgeConnection(connection, heard.answers, now);
  const next: Connection = {
    ...judged.connection,
    // When it began: what happened while Finch was asked may not be in its answer.
    introspectedAt: askedAt,
    nextCheckAt: nextCheckAfter(deps, judged.connection, now),
    updatedAt: now,
    version: connection.version + 1,
  };
  return {
    kind: "seen",
    calls: heard.calls,
    next,
    events: statusEvents(deps, connection, next, now),
    gone: [...judged.superseded, ...judged.expired],
    superseded: heard.tokens
      .filter(({ record }) => judged.superseded.includes(record.tokenId))
      .map(({ sealed }) => sealed),
    isExpired: judged.expired.length > 0,
  };
};

/** Stores what a look found, if the connection is still as it was then; false if it is not. */
export const storeLook = async (
  { connections, vault }: Pick<CheckConnectionDependencies, "connections" | "vault">,
  { next, events, gone, superseded }: Extract<Look, { kind: "seen" }>,
): Promise<boolean> => {
  if (!(await connections.replace(next, events, gone))) return false;
  // What has expired is not among them: beside the table it stays restorable until the sweep of secrets finds it.
  for (const sealed of superseded) await vault.destroy(sealed);
  return true;
};
