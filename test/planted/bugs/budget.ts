/** What goes to Finch, and who comes first. */
import { type PlantedBug, unit } from "../planted-bug.ts";

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
    test: unit("budget/window", "never lets more through than Finch takes, whatever comes when"),
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
];
