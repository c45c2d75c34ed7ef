import type { ComponentChild } from "preact";
import type { About } from "../api/types.ts";
import type { Connection, Tone } from "../model/connection.ts";
import type { Words } from "../words.tsx";

/** What the whole page shows. */
export type Screen = "link" | "link-used" | "link-expired" | "loading" | "failed" | "list" | "ended";

/** What came of the customer's last action; it stays until it is dismissed or the next one. */
export interface Flash {
  readonly tone: Tone;
  readonly text: (words: Words) => ComponentChild[];
  /** Whether it says that something failed, which a screen reader says at once. */
  readonly failed?: boolean;
  /** Offers to add the account that the customer signed in to. */
  readonly offersAccount?: boolean;
  /** Set when it is about an earlier visit. */
  readonly earlier?: EarlierFailure;
}

/** A sign-in of an earlier visit that came to nothing after the customer had gone. */
export interface EarlierFailure {
  readonly headline: "state.lost" | "state.conflict";
  readonly startedAt: Date;
  /** Whether to begin again may help: then with this connection, or with none. */
  readonly again: { readonly connectionId: string | null } | null;
}

/** What would be connected, as far as it is chosen. */
export type ConnectPick =
  | { readonly what: "provider" }
  | { readonly what: "account"; readonly providerId: string }
  | { readonly what: "company"; readonly connectionId: string };

/** The dialog that is open. */
export type Dialog =
  | { readonly kind: "connect"; readonly pick: ConnectPick }
  | { readonly kind: "remove"; readonly connection: Connection }
  | { readonly kind: "compare"; readonly connections: readonly Connection[] };

/** Where the focus goes once, after a change that has taken away what had it. */
export type Focus = "flash" | "list";

/** All that the page shows. */
export interface PageState {
  readonly screen: Screen;
  /** Names the failed request for the platform's support. */
  readonly failureCode: string | null;
  readonly about: About | null;
  readonly connections: readonly Connection[];
  /** Whether all connections are there; until then none is shown, so that none moves. */
  readonly complete: boolean;
  readonly loadedAt: Date;
  readonly flash: Flash | null;
  readonly dialog: Dialog | null;
  /** Whether the session is about to end: `idle` can be put off, `final` cannot. */
  readonly soon: "idle" | "final" | null;
  /** Whether a call that changes something is under way. */
  readonly busy: boolean;
  readonly online: boolean;
  /** Whether Finch Connect is open over the page. */
  readonly embedded: boolean;
  readonly focus: Focus | null;
}

/** What the page begins with. */
export const firstState = (screen: Screen, online: boolean): PageState => ({
  screen,
  failureCode: null,
  about: null,
  connections: [],
  complete: false,
  loadedAt: new Date(0),
  flash: null,
  dialog: null,
  soon: null,
  busy: false,
  online,
  embedded: false,
  focus: null,
});
