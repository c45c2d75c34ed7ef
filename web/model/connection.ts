/** A company inside a connection, as the page needs it. */
export interface Company {
  /** Empty when Finch names none: then it cannot be removed alone. */
  readonly id: string;
  /** The employer's legal name, or else the name at the provider; null when neither is known. */
  readonly name: string | null;
  readonly status: string | null;
  /** The last four digits of its tax identifier. */
  readonly taxDigits: string | null;
}

/** A connection, as the page needs it. */
export interface Connection {
  readonly id: string;
  readonly providerId: string;
  readonly providerName: string;
  readonly status: string;
  readonly username: string | null;
  /** Finch's types of the ways to sign in, such as `oauth`. */
  readonly methods: readonly string[];
  readonly products: readonly string[];
  readonly companies: readonly Company[];
  readonly lastUpdate: Date | null;
  /** Whether Finch has been asked yet what the connection holds: until then its companies have no names. */
  readonly isLookedAt: boolean;
  readonly connectedAt: Date;
  readonly changedAt: Date;
  readonly version: number;
  readonly possibleDuplicates: readonly string[];
}

/** What a connection comes to, in one word of ours; each has its words in the texts. */
export type State =
  | "connected"
  | "partial"
  | "processing"
  | "pending"
  | "reauth"
  | "error_permissions"
  | "error_no_account_setup"
  | "disconnected"
  | "removing"
  | "held"
  | "unknown";

/** How a state looks: the colour and the form of its icon. */
export type Tone = "good" | "warn" | "stop" | "info" | "calm";

const states: Readonly<Record<string, State>> = {
  connected: "connected",
  processing: "processing",
  pending: "pending",
  reauth: "reauth",
  error_reauth: "reauth",
  error_permissions: "error_permissions",
  error_no_account_setup: "error_no_account_setup",
  // Finch has been seen to spell it so.
  error_no_acount_setup: "error_no_account_setup",
  disconnected: "disconnected",
  disconnecting: "removing",
  held: "held",
};

/** What Finch's or Perch's status of a connection or company means here. A company without one has nothing against it. */
export const stateOfStatus = (status: string | null): State =>
  status === null ? "connected" : Object.hasOwn(states, status) ? (states[status] ?? "unknown") : "unknown";

/** The companies that do not work, though they are not being removed. */
export const troubled = ({ companies }: Connection): readonly Company[] =>
  companies.filter(({ status }) => !["connected", "removing"].includes(stateOfStatus(status)));

/** What a connection comes to: its own status, unless some of its companies are worse off. */
export const stateOf = (connection: Connection): State => {
  const own = stateOfStatus(connection.status);
  if (own !== "connected") return own;
  const bad = troubled(connection);
  const [first] = bad;
  if (first === undefined) return "connected";
  const shared = stateOfStatus(first.status);
  return bad.length === connection.companies.length && bad.every(({ status }) => stateOfStatus(status) === shared)
    ? shared
    : "partial";
};

const tones: Readonly<Record<State, Tone>> = {
  connected: "good",
  partial: "warn",
  processing: "info",
  pending: "info",
  reauth: "warn",
  error_permissions: "warn",
  error_no_account_setup: "warn",
  disconnected: "calm",
  removing: "calm",
  held: "info",
  unknown: "calm",
};

/** How a state looks. */
export const toneOf = (state: State): Tone => tones[state];

/** What the customer can do about a state: sign in again, or have it looked at after something was done elsewhere. */
export const remedyOf = (state: State): "reconnect" | "check" | null => {
  if (state === "error_no_account_setup") return "check";
  return ["reauth", "partial", "error_permissions", "disconnected"].includes(state) ? "reconnect" : null;
};

/** The four filters of a long list. */
export const groups = ["all", "attention", "progress", "good"] as const;
export type Group = (typeof groups)[number];

/** In which group a state is shown, besides `all`. */
export const groupOf = (state: State): Exclude<Group, "all"> | null => {
  if (["reauth", "partial", "error_permissions", "error_no_account_setup"].includes(state)) return "attention";
  if (["pending", "processing", "removing", "held"].includes(state)) return "progress";
  return state === "connected" ? "good" : null;
};

/** Whether the customer is asked to do something about it. */
export const needsCustomer = (connection: Connection): boolean => groupOf(stateOf(connection)) === "attention";
