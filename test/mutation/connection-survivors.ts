import type { Explanation } from "./explanation.ts";

/** Why mutants of the domain survive. */
export const connectionExplanations: readonly Explanation[] = [
  {
    reason: "Compared with null, a moment is compared with 1970, before which nothing is asked",
    file: "answer-check-request.ts",
    mutants: ["connection.introspectedAt !== null → true"],
  },
  {
    reason: "One more round, over nothing",
    file: "ask-about-tokens.ts",
    mutants: ["first < newestFirst.length → first <= newestFirst.length"],
  },
  {
    reason: "One more round, over nothing",
    file: "delete-customer.ts",
    mutants: ["from < sessions.length → from <= sessions.length"],
  },
  {
    reason: "One more round, over nothing",
    file: "sweep-checks.ts",
    mutants: ["first < due.length → first <= due.length"],
  },
  {
    reason: "Those that were not asked come behind the answer that ended the asking, at which this returns",
    file: "ask-about-tokens.ts",
    mutants: ["each === undefined → false"],
  },
  {
    reason: "Sixteen bytes are always 32 digits, which the five groups take whole",
    file: "capability.ts",
    mutants: ["/^(.{8})(.{4})(.{4})(.{4})(.{12})$/"],
  },
  {
    reason: "Of two that are the same moment, either will do",
    file: "check-times.ts",
    mutants: ["nextCheckAt < soon → nextCheckAt <= soon"],
  },
  {
    reason: "The next round finds the mark, does the same and answers the same: this spares two reads",
    file: "delete-customer.ts",
    mutants: ["{ await cancelSessions(deps, customerId); return ok(deletion); } → {}"],
  },
  {
    reason: "Where there is no connection there is no entity of it that was asked about, which the next condition sees",
    file: "drive-entity-disconnects.ts",
    mutants: ["connection === undefined → false"],
  },
  {
    reason: "What is not there has no life, so that it is not the same one; the compiler does not know it",
    file: "employer-marks.ts",
    mutants: ["connection !== undefined → true"],
  },
  {
    reason: "The session as it is stored by now says the same: this spares reading it",
    file: "exchange-authorization-code.ts",
    mutants: ["ended → false", 'case "stored": return endSession'],
  },
  {
    reason: "The session as it is stored by now says the same: this spares reading it",
    file: "fail-session.ts",
    mutants: ["ended → false"],
  },
  {
    reason: "A session that has begun its exchange has one; the compiler does not know it",
    file: "exchange-authorization-code.ts",
    mutants: ["session.exchange?.attempt → session.exchange.attempt"],
  },
  {
    reason: "A session that has begun its exchange has one; the compiler does not know it",
    file: "sweep-due.ts",
    mutants: ["session.exchange === null → false"],
  },
  {
    reason: "Of an end, only a completed one has an outcome: said to the compiler",
    file: "exchange-authorization-code.ts",
    mutants: ['end.status === "completed" → true'],
  },
  {
    reason: "Of an end, only a completed one has an outcome: said to the compiler",
    file: "keep-grant.ts",
    mutants: ['keep.end.status === "completed" → true'],
  },
  {
    reason: "Of the other answers nobody reads the reason",
    file: "exchange-authorization-code.ts",
    mutants: ['second.kind === "invalid_grant" → true'],
  },
  {
    reason: "What Finch has said of the entities takes its place before anything is stored",
    file: "import-connection.ts",
    mutants: ["(entity) => entity.id → () => undefined"],
  },
  {
    reason: "A token that was just called invalid has a time since when; the compiler does not know it",
    file: "judge-connection.ts",
    mutants: ["invalidSince !== null → true"],
  },
  {
    reason: "A name that none of the tokens, seals or entities has: it is looked for and not found",
    file: "judge-connection.ts",
    mutants: ['[] → ["Stryker was here"]'],
  },
  {
    reason: "A name that none of the tokens, seals or entities has: it is looked for and not found",
    file: "keep-grant.ts",
    mutants: ['[] → ["Stryker was here"]'],
  },
  {
    reason: "A name that none of the tokens, seals or entities has: it is looked for and not found",
    file: "status-events.ts",
    mutants: ['[] → ["Stryker was here"]'],
  },
  {
    reason: "Another's connection is refused for its owner, before anything of it is looked at",
    file: "keep-grant.ts",
    mutants: ["refusal.owner === customerId → true", "owner === customerId → true"],
  },
  {
    reason: "Answered before: the case is there for the compiler, which is to see that none is missing",
    file: "keep-grant.ts",
    mutants: ['"token_stored" → ""'],
  },
  {
    reason: "A case that only goes on behind the others, which any other word does as well",
    file: "open-connect-session.ts",
    mutants: ['"open" → ""'],
  },
  {
    reason: "Nothing is later than what is not there",
    file: "sweep-checks.ts",
    mutants: ["trustedUntil !== undefined → true"],
  },
  {
    reason: "What is then thrown for want of a connection is caught in the next step, which does nothing else either",
    file: "try-connections.ts",
    mutants: ["connection !== undefined → true"],
  },
  {
    reason: "Nothing is taken away: the connection is read once more, and is as it is stored",
    file: "possible-duplicates.ts",
    mutants: ["false → true"],
  },
];
