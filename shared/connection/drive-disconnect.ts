import type { Secret } from "../secret.ts";
import { afterAttempt, whenNotAsked } from "./attempts.ts";
import { eventOf, sealedTokens } from "./change-connection.ts";
import type { NudgeChecks } from "./check-request.ts";
import type { Connection } from "./connection.ts";
import { driveEntityDisconnects } from "./drive-entity-disconnects.ts";
import { forgetMarks } from "./employer-marks.ts";
import { type DisconnectAnswer, type Finch, isNotAsked, type NotAsked } from "./finch-port.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";
import type { Sealed, Surroundings, TokenVault } from "./ports.ts";
import { unmarkDuplicatesOf } from "./possible-duplicates.ts";
import { shedTokens } from "./shed-tokens.ts";
import { askAboutSiblings, type SiblingsDependencies } from "./siblings.ts";
import type { ConnectionStore } from "./store-ports.ts";

export interface DriveDisconnectDependencies extends Surroundings {
  readonly connections: Pick<ConnectionStore, "find" | "findToken" | "replace" | "remove">;
  readonly vault: Pick<TokenVault, "open" | "destroy">;
  readonly finch: Pick<Finch, "disconnect" | "disconnectEntities" | "introspect">;
  readonly marks: SiblingsDependencies["marks"];
  readonly nudgeChecks: NudgeChecks;
  /** A keyed hash of the customer for the tombstone: proves whose it was without saying it. */
  readonly customerHash: (customerId: CustomerId) => Promise<string>;
}

/** How a step of the drive went. `not_asked`: what may be sent to Finch is used up for now, so that this was no attempt. */
export type Driven = "nothing_to_do" | "confirmed" | "not_yet" | "not_asked";

/**
 * Creates the use case: one step towards a disconnect that has been asked for, of a connection or of some of its entities.
 * The state in the table drives it, so that it
 * may be called by whom- and however often: every token is tried, Finch's word ends it, and without it the next attempt is
 * due after a growing pause, for ever. No ciphertext goes before Finch has confirmed.
 *
 * @throws what the vault threw for a token that does not open, when the others did not end it; the next attempt is due.
 */
export const driveDisconnect =
  (deps: DriveDisconnectDependencies) =>
  async (customerId: CustomerId, connectionId: ConnectionId): Promise<Driven> => {
    const connection = await deps.connections.find(customerId, connectionId);
    if (connection === undefined) return "nothing_to_do";
    if (connection.disconnect === null) {
      return connection.entityDisconnects.length > 0 ? driveEntityDisconnects(deps)(connection) : "nothing_to_do";
    }
    const sealed = await sealedTokens(deps, connection);
    const { isConfirmed, notAsked, unopened } = await askFinch(deps, connection, sealed);
    const now = deps.now();
    if (!isConfirmed) {
      const next = {
        ...connection,
        disconnect: notAsked
          ? whenNotAsked(connection.disconnect, notAsked, now)
          : afterAttempt(connection.disconnect, now),
        version: connection.version + 1,
      };
      // Lost to another change: the due time stands as it is, and the next look comes no later.
      await deps.connections.replace(next, []);
      if (unopened.length > 0) throw unopened[0];
      return notAsked ? "not_asked" : "not_yet";
    }
    // Before the connection goes: whoever dies on the way does it again, when every token is invalid.
    await askAboutSiblings(deps, connection);
    await unmarkDuplicatesOf(deps, connection);
    await forgetMarks(deps, connection);
    const rest = await shedTokens(deps, connection);
    if (rest === undefined) return "not_yet";
    const gone = { ...rest, updatedAt: now, version: rest.version + 1 };
    const removed = await deps.connections.remove(rest, {
      tombstone: { customerHash: await deps.customerHash(customerId), disconnectedAt: now },
      counts: connection.disconnect.reason === "requested",
      events: [eventOf(deps, "ConnectionDisconnected", gone, "disconnected")],
    });
    if (!removed) return "not_yet";
    for (const each of sealed) await deps.vault.destroy(each);
    return "confirmed";
  };

/**
 * Finch confirms with 200; and where it calls every token invalid, the connection is gone already. One token being invalid
 * says nothing, and neither does one that does not open: another one may still be good.
 */
const askFinch = async (
  deps: DriveDisconnectDependencies,
  { customerId, connectionId, tokens }: Connection,
  sealed: readonly Sealed[],
): Promise<{
  readonly isConfirmed: boolean;
  readonly notAsked: NotAsked | undefined;
  readonly unopened: readonly unknown[];
}> => {
  const answers: DisconnectAnswer["kind"][] = [];
  const unopened: unknown[] = [];
  for (const each of sealed.toReversed()) {
    let accessToken: Secret;
    try {
      accessToken = await deps.vault.open(each, { customerId, connectionId });
    } catch (error) {
      unopened.push(error);
      continue;
    }
    const answer = await deps.finch.disconnect(accessToken);
    if (answer.kind === "disconnected") return { isConfirmed: true, notAsked: undefined, unopened };
    // The other tokens would not be sent either.
    if (isNotAsked(answer)) return { isConfirmed: false, notAsked: answer, unopened };
    answers.push(answer.kind);
  }
  // A token that did not open, or whose item is missing, has not been tried.
  const isConfirmed = answers.length === tokens.length && answers.every((kind) => kind === "invalid_token");
  return { isConfirmed, notAsked: undefined, unopened };
};
