/** What goes to Finch, and who comes first. */
import { contract, type PlantedBug, unit } from "../planted-bug.ts";

export const budgetBugs: readonly PlantedBug[] = [
  {
    name: "budget: sent without leave",
    sentence: "A request goes to Finch although what may be sent is used up.",
    breaks: 11,
    file: "shared/finch/paced.ts",
    before: '    if (leave.kind === "refused") {\n',
    after: '    if (leave.kind === "refused" && budget === "address") {\n',
    test: unit("finch/paced", "is not sent without leave, and it is said when to ask again"),
  },
  {
    name: "budget: no margin",
    sentence: "The window is Finch's own, as if clocks agreed and nothing took its time.",
    breaks: 11,
    file: "shared/budget/budget.ts",
    before: "=> clockSkewMs + grantMs + transitMs;",
    after: "=> 0 * (clockSkewMs + grantMs + transitMs);",
    // The property finds it, too, but looks for the smallest case for minutes.
    test: unit("budget/window", "and the next when the first has left Finch's window"),
  },
  {
    name: "budget: counted after instead of before",
    sentence: "A request goes on what was remembered of its budget, and is counted only then.",
    breaks: 11,
    file: "shared/budget/budgets.ts",
    before:
      "      const answer = await store.count(name, { kind, bucket, spent, tolerates, firstKept: firstKept(budget, at) });\n",
    after: `      const counting = store.count(name, { kind, bucket, spent, tolerates, firstKept: firstKept(budget, at) });
      if (decision !== undefined) {
        const sendBy = new Date(opens.getTime() + budget.grantMs);
        return { kind: "reserved", at: opens, sendBy, giveBack: async () => {} };
      }
      const answer = await counting;
`,
    test: unit("budget/budgets", "let nobody through on what was there before others used it up"),
  },
  {
    name: "budget: bucket never forgotten",
    sentence: "A budget's item keeps every piece of time that there ever was, until it is too large to be written.",
    breaks: 15,
    file: "shared/dynamodb/budget-store.ts",
    before: "({ index }) => index < firstKept)",
    after: "({ index }) => index < Math.min(firstKept, 0))",
    test: contract("forgets the buckets before the first that matters"),
  },
  {
    name: "budget: granted without being counted",
    sentence: "A grant is used although others were faster, so that it was not counted.",
    breaks: 11,
    file: "shared/budget/budgets.ts",
    before: "      if (answer.counted) {\n",
    after: "      if (answer.counted || tries === 1) {\n",
    test: unit("budget/budgets", "let no more through together than one alone"),
  },
  {
    name: "budget: nothing left for who waits",
    sentence: "Background work takes what interactive work has lately needed.",
    breaks: 11,
    file: "shared/budget/window.ts",
    before: "  return Math.max(0, budget.limit - demand - Math.ceil(3 + 1.5 * Math.sqrt(demand)));\n",
    after: "  return budget.limit - reserve(budget.limit);\n",
    test: unit("budget/window", "leaves one to somebody who comes first, and more to those who come after"),
  },
  {
    name: "budget: kept what is not used",
    sentence: "Leave of one budget stays counted when the other refuses.",
    breaks: 11,
    file: "shared/budget/leave.ts",
    before: '      if (reservation.kind === "refused") {\n        await giveBack();\n',
    after: '      if (reservation.kind === "refused") {\n',
    test: unit("budget/leave", "is given back as a whole where a part is missing"),
  },
  {
    name: "budget: a disconnect that could not be asked for is an attempt",
    sentence: "Disconnects that wait for their turn wait longer each time, up to six hours.",
    breaks: 9,
    file: "shared/connection/drive-disconnect.ts",
    before: "disconnect: notAsked\n",
    after: "disconnect: notAsked && connection.disconnect.attempts > 99\n",
    test: unit("connection/drive-disconnect", "was not attempted where Finch could not be asked"),
  },
  {
    name: "way to Finch: an idle connection is used again",
    sentence: "What is sent after a freeze goes over a connection that Finch has closed, and is lost.",
    breaks: 2,
    file: "shared/finch/transport.ts",
    before: "idleMs < idleLimitMs)",
    after: "idleMs < Number.POSITIVE_INFINITY)",
    test: unit("finch/transport", "is not used again after four seconds idle, in which Finch may have hung up"),
  },
];
