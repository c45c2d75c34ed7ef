import { budgetExplanations } from "./budget-survivors.ts";
import { connectionExplanations } from "./connection-survivors.ts";
import { type Explanation, inFiles } from "./explanation.ts";
import type { Survivor } from "./record.ts";
import { rosterExplanations } from "./roster-survivors.ts";
import { storageExplanations } from "./storage-survivors.ts";
import { useExplanations } from "./use-survivors.ts";

/** Why mutants survive: one entry for each reason in each file. */
export const allExplanations: readonly Explanation[] = [
  ...budgetExplanations,
  ...connectionExplanations,
  ...rosterExplanations,
  ...storageExplanations,
  ...useExplanations,
  {
    reason: "What Finch does not decide has the same answer, to which this falls: the case is there for the compiler",
    file: "read-employers.ts",
    mutants: ['"platform_trouble" → ""', 'case "platform_trouble": return undefined; →'],
  },
  {
    reason: "Neither what stands for an EIN that is absent nor that text has a digit",
    file: "finch/company.ts",
    mutants: ['"" → "Stryker was here!"'],
  },
  {
    reason: "What was split has a first part: the compiler does not know it",
    file: "finch/paced.ts",
    mutants: ['"" → "Stryker was here!"'],
  },
  {
    reason: "What is no answer has no status, and so exceeds nothing: the compiler wants to know that it is one",
    file: "finch/paced.ts",
    mutants: ['answer.kind === "answer" → true'],
  },
  {
    reason: "Who has told of individuals has a body: the compiler does not know it",
    file: "finch/people.ts",
    mutants: ['answer.body?.["paging"] → answer.body["paging"]'],
  },
  {
    reason: "Each address that an agent names has its list of sockets: the type knows only that one may be absent",
    file: "finch/transport.ts",
    mutants: ['[] → ["Stryker was here"]'],
  },
  ...inFiles("The block's end gives undefined, too; TypeScript wants the return written", {
    "finch/request.ts": ["{ return undefined; } → {}"],
    "parse-request.ts": ["{ return undefined; } → {}"],
    "token-secrets.ts": ["{ return undefined; } → {}"],
    "webhook-event.ts": ["{ return undefined; } → {}"],
    "secrets-manager/webhook-keys.ts": ["{ // Nobody has filled it in yet. return undefined; } → {}"],
  }),
  {
    reason: "undefined from the start: the assignment is there for whoever reads it",
    file: "finch-credentials.ts",
    mutants: ["{ value = undefined; } → {}"],
  },
  ...inFiles("What stands for a text that is absent has no form that is accepted: it is refused both times", {
    "finch/answers.ts": ['"" → "Stryker was here!"'],
    "cursor.ts": ['"" → "Stryker was here!"'],
    "employee-body.ts": ['"" → "Stryker was here!"'],
    "webhook-signature.ts": ['"" → "Stryker was here!"'],
  }),
  ...inFiles("What stands for a text that is absent is no JSON: it is refused both times", {
    "finch-credentials.ts": ['"" → "Stryker was here!"'],
    "token-secrets.ts": ['"" → "Stryker was here!"'],
    "secrets-manager/webhook-keys.ts": ['"" → "Stryker was here!"'],
  }),
  {
    reason: "What is no URL has no origin, and no stage allows either of these in the place of one",
    file: "create-connect-session.ts",
    mutants: ['"" → "Stryker was here!"'],
  },
  {
    reason: "No cookie, or one that is no capability: nobody comes in, both times",
    file: "enter-page.ts",
    mutants: ['"" → "Stryker was here!"'],
  },
  {
    reason: "A rule without a path fits no path, and a path without a name has no product: neither text is one",
    file: "forward-rules.ts",
    mutants: ['"" → "Stryker was here!"'],
  },
  ...inFiles("Buffer takes the empty name of an encoding for UTF-8", {
    "gateway-event.ts": ['"utf8" → ""'],
    "kms/token-vault.ts": ['"utf8" → ""'],
  }),
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
    reason: "Made at the first call of KMS, which no test without a stack makes: each journey does",
    file: "aws/token-vault.ts",
    mutants: ["() => new KMSClient() → () => undefined"],
  },
  ...inFiles("What stands for a header that is absent is neither a type nor an encoding: it is refused both times", {
    "gzip.ts": ['"" → "Stryker was here!"'],
    "same-origin.ts": ['"" → "Stryker was here!"'],
  }),
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
    mutants: ["valid === undefined → false"],
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
  allExplanations.find(
    (each) => file.endsWith(each.file) && each.mutants.some((part) => `${original} → ${replacement}`.includes(part)),
  )?.reason;
