/**
 * Every value that differs from one stage to another, typed, in one place: it is long because it has all of them.
 * Nothing else under `cdk/` reads the environment or the CDK context.
 */

import { type PageSettings, readPageSettings } from "./page-settings.ts";
import type { ReadContext } from "./read-context.ts";

/** Whose tokens the gateway accepts. */
export interface Jwt {
  /** Their `iss`; the keys are found through its OpenID configuration. */
  readonly issuer: string;
  /** What their `aud` (or, without one, their `client_id`) may be. */
  readonly audience: readonly string[];
  /** What goes before a scope's name: Cognito puts `perch/` there. */
  readonly scopePrefix: string;
}

/** What a deployment of Perch needs to know about itself. */
export interface Stage {
  /** Names the stacks and the secrets; lower case letters, digits and hyphens. */
  readonly name: string;
  /** The kind of Finch application whose tokens this stage accepts (`client_type` in Finch's answers). */
  readonly finchClientType: "production" | "development" | "sandbox";
  /** Finch's API, without a path. */
  readonly finchUrl: string;
  /**
   * The origin under which browsers and Finch reach this deployment. Left out: the API's own address.
   * Perch never derives it from a request.
   */
  readonly publicUrl?: string;
  /** The certificate of `publicUrl`'s host, in ACM and in the stage's region: makes that host a domain of the API's own. */
  readonly certificateArn?: string;
  /** Whose tokens the platform's backends bring. Left out: those of a Cognito user pool of the deployment's own. */
  readonly jwt?: Jwt;
  /** Exact origins that a `return_url` may have. */
  readonly returnOrigins: readonly string[];
  /** How many connections a new customer may own unless its own `mode` says otherwise. */
  readonly defaultCustomerMode: "single" | "multiple";
  /**
   * Where sealed tokens are kept: in the token's item, or in a secret for each. A stage that goes over to secrets still
   * opens what lies in items; one that goes back does not open secrets.
   */
  readonly tokenStore: "kms" | "secrets-manager";
  /** Whether secrets that no token's item names are removed. Off after a restore, until the table is known to be whole. */
  readonly sweepSecrets: "on" | "off";
  /** How often Finch is asked about each connection at least, if `checksPerRun` is enough for that. */
  readonly checkIntervalHours: number;
  /** How often one run of the sweep, which comes every five minutes, asks Finch at most. */
  readonly checksPerRun: number;
  /**
   * What part of Finch's limits this deployment uses at most, in percent: less than 100 where something else uses the same
   * Finch application or sends from the same address.
   */
  readonly finchShare: number;
  /** How many people a roster asks Finch for at once; Finch takes 10,000 at most. */
  readonly rosterPageSize: number;
  /** The first pause of a roster when Finch has not fetched something yet, in seconds; the next are longer. */
  readonly rosterWaitSeconds: number;
  /** Whether rosters ask for SSNs, of which they keep marks that can be compared and not read. */
  readonly rosterSsn: "on" | "off";
  /** What reconciling may use, in MB: `docs/employees.md` says how many people that is enough for. */
  readonly rosterMemoryMegabytes: number;
  /** What of Finch's API is forwarded beside the usual: `METHOD /path`, with `*` at the end for all below. */
  readonly forwardRules: readonly string[];
  /** The page on which customers see their connections. */
  readonly page: PageSettings;
  /** Whether functions that call Finch have a share of the account's concurrency of their own, and no more than it. */
  readonly reserveConcurrency: boolean;
  /** False on an emulated AWS, which refuses some resource types: they live in the operations stack. */
  readonly onAws: boolean;
}

const production: Omit<Stage, "page"> = {
  name: "production",
  finchClientType: "production",
  finchUrl: "https://api.tryfinch.com",
  returnOrigins: [],
  defaultCustomerMode: "multiple",
  tokenStore: "kms",
  sweepSecrets: "on",
  checkIntervalHours: 24,
  checksPerRun: 600,
  finchShare: 100,
  rosterPageSize: 1_000,
  rosterWaitSeconds: 30,
  rosterSsn: "off",
  rosterMemoryMegabytes: 3_008,
  forwardRules: [],
  reserveConcurrency: true,
  onAws: true,
};

const stages = {
  production,
  sandbox: { ...production, name: "sandbox", finchClientType: "sandbox" },
  local: {
    ...production,
    name: "local",
    finchClientType: "sandbox",
    publicUrl: "http://localhost:8787",
    finchUrl: "http://127.0.0.1:8790",
    returnOrigins: ["http://localhost:8787", "http://localhost:3000"],
    // Made-up people: small pages and short pauses, so that a roster of some dozens takes all of its steps.
    rosterPageSize: 25,
    rosterWaitSeconds: 1,
    rosterSsn: "on",
    reserveConcurrency: false,
    onAws: false,
  },
} as const satisfies Record<string, Omit<Stage, "page">>;

/**
 * The stage that `-c stage=…` names (default `production`), with what else the context overrides: `finchUrl`, `publicUrl`,
 * `returnOrigins` (comma separated), `defaultCustomerMode`, `finchClientType`, `tokenStore`, `sweepSecrets`, `certificateArn`,
 * `jwtIssuer` with `jwtAudience` (comma separated) and `scopePrefix`, `checkIntervalHours`, `checksPerRun`,
 * `finchShare`, `rosterPageSize`, `rosterWaitSeconds`, `rosterSsn`, `rosterMemoryMegabytes`, `forwardRules` (comma separated), `reserveConcurrency`, and what `readPageSettings` names.
 *
 * @throws Error naming the context value that is wrong and what it may be.
 */
export const readStage = (context: ReadContext): Stage => {
  const name = context("stage") ?? "production";
  if (!Object.hasOwn(stages, name)) {
    throw new Error(`context stage=${name}: expected one of ${Object.keys(stages).join(", ")}`);
  }
  const stage: Omit<Stage, "page"> = stages[name as keyof typeof stages];
  const publicUrl = context("publicUrl") ?? stage.publicUrl;
  const certificateArn = context("certificateArn") ?? stage.certificateArn;
  if (certificateArn !== undefined && publicUrl === undefined) {
    throw new Error("context certificateArn: expected publicUrl beside it, whose host the certificate is for");
  }
  const jwt = readJwt(context) ?? stage.jwt;
  // A simulated Finch may be told to keep no limits.
  const finchShare = readNumber("finchShare", context("finchShare"), stage.finchShare, stage.onAws ? 100 : 9_999);
  const finchUrl = readOrigin("finchUrl", context("finchUrl") ?? stage.finchUrl);
  return {
    ...stage,
    ...(certificateArn === undefined ? {} : { certificateArn }),
    ...(jwt === undefined ? {} : { jwt }),
    finchUrl,
    page: readPageSettings(context, finchUrl),
    ...(publicUrl === undefined ? {} : { publicUrl: readOrigin("publicUrl", publicUrl) }),
    returnOrigins:
      context("returnOrigins")
        ?.split(",")
        .map((origin) => readOrigin("returnOrigins", origin.trim())) ?? stage.returnOrigins,
    defaultCustomerMode: readChoice(
      "defaultCustomerMode",
      context("defaultCustomerMode") ?? stage.defaultCustomerMode,
      ["single", "multiple"],
    ),
    finchClientType: readChoice("finchClientType", context("finchClientType") ?? stage.finchClientType, [
      "production",
      "development",
      "sandbox",
    ]),
    tokenStore: readChoice("tokenStore", context("tokenStore") ?? stage.tokenStore, ["kms", "secrets-manager"]),
    sweepSecrets: readChoice("sweepSecrets", context("sweepSecrets") ?? stage.sweepSecrets, ["on", "off"]),
    checkIntervalHours: readNumber("checkIntervalHours", context("checkIntervalHours"), stage.checkIntervalHours, 168),
    // Finch blocks an address above 1,000 requests in five minutes, and somebody may be waiting for others than these. The
    // sweep's part of the budget is 700 of them, in a window a little longer than five minutes (`shared/budget/budget.ts`).
    checksPerRun: Math.ceil(
      readNumber("checksPerRun", context("checksPerRun"), stage.checksPerRun, 650) * Math.min(1, finchShare / 100),
    ),
    finchShare,
    rosterPageSize: readNumber("rosterPageSize", context("rosterPageSize"), stage.rosterPageSize, 9_999),
    rosterWaitSeconds: readNumber("rosterWaitSeconds", context("rosterWaitSeconds"), stage.rosterWaitSeconds, 900),
    rosterSsn: readChoice("rosterSsn", context("rosterSsn") ?? stage.rosterSsn, ["on", "off"]),
    // Lambda's most is 10,240.
    rosterMemoryMegabytes: readNumber(
      "rosterMemoryMegabytes",
      context("rosterMemoryMegabytes"),
      stage.rosterMemoryMegabytes,
      9_999,
    ),
    forwardRules: readForwardRules(context("forwardRules")) ?? stage.forwardRules,
    reserveConcurrency:
      readChoice("reserveConcurrency", context("reserveConcurrency") ?? (stage.reserveConcurrency ? "on" : "off"), [
        "on",
        "off",
      ]) === "on",
  };
};

const forwardRulePattern = /^(?:GET|POST|PUT|PATCH|DELETE) (?:\/[a-z0-9_-]{1,64}){1,8}(?:\/\*)?$/;
/** What Perch does itself, or nobody may do with a customer's token: the function refuses it whatever a rule says. */
const neverForwarded = / \/(?:auth|connect|disconnect[^/]*|sandbox|introspect)(?:\/|$)/;

const readForwardRules = (text: string | undefined): readonly string[] | undefined =>
  text?.split(",").map((each) => {
    const rule = each.trim();
    if (!forwardRulePattern.test(rule)) {
      throw new Error(`context forwardRules=${rule}: expected METHOD /path, such as POST /jobs/automated`);
    }
    if (neverForwarded.test(rule)) throw new Error(`context forwardRules=${rule}: this is never forwarded`);
    return rule;
  });

const readJwt = (context: ReadContext): Jwt | undefined => {
  const issuer = context("jwtIssuer");
  const audience = context("jwtAudience");
  const scopePrefix = context("scopePrefix");
  if (issuer === undefined) {
    if (audience === undefined && scopePrefix === undefined) return undefined;
    throw new Error("context jwtAudience, scopePrefix: expected jwtIssuer beside them");
  }
  if (URL.parse(issuer)?.protocol !== "https:") {
    throw new Error(`context jwtIssuer=${issuer}: expected the https address that the tokens have as iss`);
  }
  if (!audience) throw new Error("context jwtAudience: expected beside jwtIssuer, what the tokens have as aud");
  return { issuer, audience: audience.split(",").map((each) => each.trim()), scopePrefix: scopePrefix ?? "perch/" };
};

const readOrigin = (name: string, value: string): string => {
  const url = URL.parse(value);
  if (url === null || url.origin !== value.replace(/\/$/, "")) {
    throw new Error(`context ${name}=${value}: expected an origin such as https://perch.example.com`);
  }
  return url.origin;
};

const readNumber = (name: string, value: string | undefined, otherwise: number, most: number): number => {
  if (value === undefined) return otherwise;
  if (!/^[1-9][0-9]{0,3}$/.test(value) || Number(value) > most) {
    throw new Error(`context ${name}=${value}: expected a whole number from 1 to ${most}`);
  }
  return Number(value);
};

const readChoice = <const C extends string>(name: string, value: string, choices: readonly C[]): C => {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new Error(`context ${name}=${value}: expected one of ${choices.join(", ")}`);
  return choice;
};
