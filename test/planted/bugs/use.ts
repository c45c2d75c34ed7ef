/** Whose hands a token comes into, and what is written of it. */
import { type PlantedBug, unit } from "../planted-bug.ts";

const choice = "shared/use/choose-token.ts";
const opening = "shared/use/open-token.ts";

export const useBugs: readonly PlantedBug[] = [
  {
    name: "use: held connection handed out",
    sentence: "A token of a held connection is handed out before anybody has accepted it.",
    breaks: 5,
    file: choice,
    before: `  if (connection.heldReason !== null) return { reason: "held" };\n`,
    after: "",
    test: unit("use/choose-token", "held, even where it is in trouble"),
  },
  {
    name: "use: product not looked at",
    sentence: "A token that lacks one of the products is chosen.",
    breaks: 13,
    file: choice,
    before: "wish.products.every((product)",
    after: "wish.products.some((product)",
    test: unit("use/choose-token", "gives one of the connection's own that is healthy"),
  },
  {
    name: "use: entity not looked at",
    sentence: "A token is handed out that opens another entity than the one that was named.",
    breaks: 13,
    file: choice,
    before: "entityId === undefined || entityIds.includes(entityId);",
    after: "entityId === undefined || entityIds.length > 0;",
    test: unit("use/choose-token", "gives one of the connection's own that is healthy"),
  },
  {
    name: "use: most else instead of least",
    sentence: "Who asks for a little is given the token that opens the most.",
    breaks: 13,
    file: choice,
    before: "if (products !== 0) return products < 0;",
    after: "if (products !== 0) return products > 0;",
    test: unit("use/choose-token", "gives one of the connection's own that is healthy"),
  },
  {
    name: "use: invalid token handed out",
    sentence: "A token that Finch calls invalid is handed out.",
    breaks: 13,
    file: choice,
    before: "invalidSince === null && calmStatuses.has(status)",
    after: "calmStatuses.has(status)",
    test: unit("use/choose-token", "tokens that Finch calls invalid"),
  },
  {
    name: "use: audit not waited for",
    sentence: "A token leaves although its use could not be written down.",
    breaks: 13,
    file: opening,
    before: `  if (recorded.status === "rejected") throw recorded.reason;\n`,
    after: "",
    test: unit("use/open-token", "gives no token whose use could not be written down"),
  },
  {
    name: "use: audit after the answer",
    sentence: "The token is given away while its use is still being written down.",
    breaks: 13,
    file: opening,
    before: "    audit.record(entry),",
    after: "    void audit.record(entry),",
    test: unit("use/open-token", "waits for the entry, however fast the token opens"),
  },
  {
    name: "use: token kept by caches",
    sentence: "The answer with a token may be kept by whoever passes it on.",
    breaks: 12,
    file: "shared/http/reply.ts",
    before: `"cache-control": "no-store"`,
    after: `"cache-control": "private"`,
    test: unit("functions/use", "hands a token out that nobody keeps"),
  },
  {
    name: "use: reason not kept",
    sentence: "The audit does not say what a token was for.",
    breaks: 13,
    file: "functions/get-access-token/handler.ts",
    before: "reason: body.reason",
    after: "reason: null",
    test: unit("functions/use", "hands a token out that nobody keeps"),
  },
];
