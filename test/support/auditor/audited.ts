import type { PerchEvent } from "#shared/connection/events.ts";
import type { TokenVault } from "#shared/connection/ports.ts";
import type { IssuingFinch } from "../issuing-finch.ts";
import type { MemoryState } from "../memory/state.ts";

/** What is looked at, once all that was under way is over. */
export interface Audited {
  readonly memory: MemoryState;
  readonly vault: Pick<TokenVault, "open">;
  /** The names of the secrets that the vault keeps beside the table. */
  readonly secretNames: () => readonly string[];
  readonly finch: Pick<IssuingFinch, "issued" | "disconnected" | "hasEnded">;
  /** What the bus was given. */
  readonly bus: readonly PerchEvent[];
  readonly clientType: string;
  readonly now: () => Date;
}

/** What could not be helped. */
export interface Excuses {
  /** The process died with a token in its hands, or Finch's answer never came: that token may be lost, visibly. */
  readonly mayLoseToken: boolean;
  /** Whether a secret has come to be named or has gone is not known to who made it: it is left to the daily sweep. */
  readonly mayLeaveSecret: boolean;
}
