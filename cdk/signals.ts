/** Something that a function's log tells and that somebody should hear of. */
export interface Signal {
  /** The metric, in the namespace of the stage. */
  readonly metric: string;
  /** The folder under `functions/` of the function whose log tells it, or of each. */
  readonly function: string | readonly string[];
  /** Which log lines: a pattern of CloudWatch's for JSON. */
  readonly pattern: string;
  /** What a line counts for; a field of the line, or 1. */
  readonly value: string;
  /** The alarm: this often in this many minutes. */
  readonly threshold: number;
  readonly minutes: number;
  /** So many such times in a row; one, if left out. */
  readonly periods?: number;
  /** How lines of that time are put together; their sum, if left out. */
  readonly statistic?: "Maximum";
  /** For whom is woken by it. */
  readonly meaning: string;
}

const exchangeEnded = (...reasons: readonly string[]): string =>
  `{ $.message = "exchange ended" && (${reasons.map((reason) => `$.reason = "${reason}"`).join(" || ")}) }`;

const eventOnItsWay = (type: string): string => `{ $.message = "event on its way" && $.reason = "${type}" }`;

/** The functions that call Finch, each with leave of the deployment's budgets. */
const callFinch: readonly string[] = [
  "exchange-authorization-code",
  "create-connect-session",
  "create-reauthenticate-session",
  "create-connection",
  "introspect-connection",
  "forward-to-finch",
  "check-connection",
  "try-connections",
  "read-employers",
  "drive-disconnect",
];

/** Whether a function's log tells of it. */
export const isToldBy = (signal: Signal, name: string): boolean => [signal.function].flat().includes(name);

/** What is counted from logs and watched by an alarm. The names of messages and reasons are those of the functions' logs. */
export const signals: readonly Signal[] = [
  {
    metric: "ConnectionsHeld",
    function: "publish-events",
    pattern: eventOnItsWay("ConnectionHeld"),
    value: "1",
    threshold: 1,
    minutes: 5,
    meaning: "A connection is held: accept or discard it. The event ConnectionHeld says why.",
  },
  {
    metric: "ConnectionsRefused",
    function: "publish-events",
    pattern: eventOnItsWay("ConnectionConflict"),
    value: "1",
    threshold: 1,
    minutes: 5,
    meaning: "A connection was refused to the customer who signed in, as somebody else's: see ConnectionConflict.",
  },
  {
    metric: "ExchangesRefused",
    function: "exchange-authorization-code",
    pattern: exchangeEnded("wrong_client_type", "token_too_large", "finch_refused"),
    value: "1",
    threshold: 1,
    minutes: 5,
    meaning: "Finch's credentials, or the stage's finchClientType, are not those of the tokens that Finch issues.",
  },
  {
    metric: "TokensLost",
    function: "exchange-authorization-code",
    pattern: exchangeEnded("token_lost"),
    value: "1",
    threshold: 1,
    minutes: 5,
    meaning: "Finch issued a token that did not arrive. The session failed, and its customer has to connect again.",
  },
  {
    metric: "SessionsGivenUp",
    function: "sweep-due",
    pattern: '{ $.message = "sessions given up" }',
    value: "$.count",
    threshold: 1,
    minutes: 5,
    meaning: "Exchanges ended without an outcome. The sessions failed, and their customers have to connect again.",
  },
  {
    metric: "SecretsNotSwept",
    function: "sweep-secrets",
    pattern: '{ $.message = "secrets not swept" }',
    value: "$.count",
    threshold: 1,
    minutes: 5,
    meaning: "More secrets than usual belong to no token. None was removed: is the table whole?",
  },
  {
    metric: "EventsNotPublished",
    function: "sweep-due",
    pattern: '{ $.message = "events not published" }',
    value: "$.count",
    threshold: 1,
    minutes: 5,
    meaning: "The bus does not take events. They stay in the outbox, and each sweep tries them again.",
  },
  {
    metric: "TokensHandedOut",
    function: "get-access-token",
    pattern: '{ $.reason = "token_handed_out" }',
    value: "1",
    // One each two seconds for a quarter of an hour: a backend that asks anew for each piece of work stays below.
    threshold: 450,
    minutes: 15,
    meaning: "Unusually many access tokens are handed out. The audit of each customer says to whom, and why.",
  },
  {
    metric: "WebhooksNotParked",
    function: "check-connection",
    pattern: '{ $.reason = "not_parked" }',
    value: "1",
    threshold: 1,
    minutes: 60,
    meaning: "Finch tells of many connections that nobody has: another deployment's? Nothing is lost.",
  },
  {
    metric: "DisconnectsNotConfirmed",
    function: "drive-disconnect",
    pattern: '{ $.reason = "not_yet" }',
    value: "1",
    // One connection is tried six times in its first hour, and four times on each day after the first.
    threshold: 4,
    minutes: 24 * 60,
    meaning:
      "Finch has not confirmed a disconnect, of a connection or an entity, and goes on billing. Perch goes on trying.",
  },
  {
    metric: "ChecksPaused",
    function: "sweep-checks",
    pattern: '{ $.message = "checks paused" }',
    value: "1",
    threshold: 1,
    // Each run of a pause says so, every five minutes: one alarm for all of it.
    minutes: 15,
    meaning:
      "Finch's answers are not believed, or are about the platform. No connection was changed; the log says why.",
  },
  {
    metric: "CheckLagMinutes",
    function: "sweep-checks",
    pattern: '{ $.message = "checks swept" }',
    value: "$.lag_minutes",
    statistic: "Maximum",
    threshold: 24 * 60,
    minutes: 15,
    meaning: "Connections are looked at a day late: there are more than checksPerRun allows for in checkIntervalHours.",
  },
  {
    metric: "BudgetUsedUp",
    function: callFinch,
    pattern: '{ $.message = "budget used up" }',
    value: "1",
    threshold: 1,
    minutes: 5,
    // A burst is over in less; what is used up for so long does not suffice.
    periods: 6,
    meaning:
      "For half an hour, requests have not been sent since what Finch lets one application do is used up. They wait, or got 429.",
  },
  {
    metric: "FinchLimitsExceeded",
    function: callFinch,
    pattern: '{ $.message = "finch refused for its limits" }',
    value: "1",
    threshold: 1,
    minutes: 5,
    meaning:
      "Finch refused a request for its limits, which Perch keeps to: something else uses the same application or address.",
  },
  {
    metric: "DeletionsOverdue",
    function: "drive-deletion",
    pattern: '{ $.message = "deletion overdue" }',
    value: "1",
    threshold: 1,
    // A deletion that waits is looked at every half hour.
    minutes: 60,
    meaning:
      "A customer's deletion is not done after a day: Finch has not confirmed a disconnect, or nobody drives it.",
  },
];

/** Where the metrics of a stage are. */
export const metricNamespace = (stageName: string): string => `Perch/${stageName}`;
