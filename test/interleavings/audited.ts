import type { PerchEvent } from "#shared/connection/events.ts";
import type { Snapshot } from "./snapshot.ts";
import type { World } from "./world.ts";

/** What an audit is about. */
export interface Audited {
  readonly snapshot: Snapshot;
  readonly world: Pick<World, "finch" | "vault" | "bus">;
  /** Every event that was written, each once: published or waiting. */
  readonly events: readonly PerchEvent[];
  /** A function may outlive its lease in this run, and then what it holds is lost, visibly. */
  readonly mayOverrun: boolean;
}

/** The incarnation of a customer that was made again: nothing is connected in it. */
export const laterLife = "a later life";
