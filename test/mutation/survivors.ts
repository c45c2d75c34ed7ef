import { connectionExplanations } from "./connection-survivors.ts";
import type { Explanation } from "./explanation.ts";
import type { Survivor } from "./record.ts";

/** One entry for each reason in each file. */
const explanations: readonly Explanation[] = [
  ...connectionExplanations,
  {
    reason: "The block's end gives undefined, too; TypeScript wants the return written",
    file: "",
    mutants: ["{ return undefined; } → {}", "{ // Nobody has filled it in yet. return undefined; } → {}"],
  },
  {
    reason: "undefined from the start: the assignment is there for whoever reads it",
    file: "finch-credentials.ts",
    mutants: ["{ value = undefined; } → {}"],
  },
  {
    reason: "What stands for a text that is absent is refused like any other that does not fit",
    file: "",
    mutants: ['"" → "Stryker was here!"'],
  },
  {
    reason: "Buffer takes the empty name of an encoding for UTF-8",
    file: "",
    mutants: ['"utf8" → ""'],
  },
  {
    reason: "No list, or one with a stranger in it: what is read of it is undefined, or left out, both times",
    file: "secret-inventory.ts",
    mutants: ['[] → ["Stryker was here"]'],
  },
  {
    reason: "No list, or one with a stranger in it: what is read of it is undefined, or left out, both times",
    file: "answers.ts",
    mutants: ['[] → ["Stryker was here"]'],
  },
  {
    reason: "A match has both groups, and no match has neither: the compiler knows only that each may be absent",
    file: "token-secrets.ts",
    mutants: ["arnBase === undefined", "namePrefix === undefined → false", '[] → ["Stryker was here"]'],
  },
  {
    reason: "Evaluated while the module loads, before any test: it counts as run by none, though all that use it fail",
    file: "",
    mutants: [
      "DestroySecretDependencies): TokenVault",
      "TokenContext): string => JSON.stringify",
      "ReceiveReportDependencies) => async",
      "(session: ConnectSession): SessionEnding",
      "(result: ExchangeResult): ExchangeReply",
    ],
  },
  {
    reason: "isOlderThan says so as well; the compiler does not know it",
    file: "webhook-keys.ts",
    mutants: ["kept === undefined → false"],
  },
  {
    reason: "Set of one: its value is there, which the compiler does not know",
    file: "cookie.ts",
    mutants: ["value !== undefined → true"],
  },
  {
    reason:
      "The stage before has parsed the request or answered it: this is said to the compiler, and fails loudly if it changes",
    file: "endpoint.ts",
    mutants: ["valid === undefined → false", '"the request was not parsed" → ""'],
  },
  {
    reason: "middy's own limit needs Lambda's context, which is not handed over: the setting is a second safeguard",
    file: "endpoint.ts",
    mutants: ["timeoutEarlyInMillis"],
  },
  {
    reason: "A list's text is joined by commas, and fits neither pattern: it stays as it is both times",
    file: "parse-request.ts",
    mutants: ['typeof value !== "string" → false'],
  },
  {
    reason: "A pointer's empty first part is the empty field that joinField begins with",
    file: "validation-message.ts",
    mutants: ['pointer.split("/")'],
  },
  {
    reason: "A shortcut and the exact length agree on both sides of the limit: it only saves counting",
    file: "forward-reply.ts",
    mutants: ["bytes.byteLength * longestEscape"],
  },
];

/** Why this one survives; undefined while nobody knows. */
export const explanationOf = ({ file, original, replacement }: Survivor): string | undefined =>
  explanations.find(
    (each) => file.endsWith(each.file) && each.mutants.some((part) => `${original} → ${replacement}`.includes(part)),
  )?.reason;
