/** Who is in a roster, who has left, and what is left of it. */
import { cdk, contract, type PlantedBug, unit } from "../planted-bug.ts";

const reconcile = "shared/roster/reconcile-roster.ts";
const eraser = "shared/dynamodb/roster-eraser.ts";

export const rosterBugs: readonly PlantedBug[] = [
  {
    name: "rosters: lost on the way is left",
    sentence: "Who works for an employer that was not read to its end is told to have left it.",
    breaks: 17,
    file: reconcile,
    before: 'entity.state !== "complete"',
    after: 'entity.state === "failed"',
    test: unit(
      "roster/reconciling",
      "keeps the people of a connection whose reading was lost on the way and that nobody followed",
    ),
  },
  {
    name: "rosters: people of what has ended",
    sentence: "People of a connection that was disconnected while a roster was made are in the roster.",
    breaks: 17,
    file: reconcile,
    before: ".filter(({ connectionId }) => inUse.has(connectionId))",
    after: "",
    test: unit(
      "roster/reconciling",
      "is of the connections that are there at its end: who was read of another one has left",
    ),
  },
  {
    name: "rosters: not ready is nobody",
    sentence: "While Finch fetches a directory, everybody has left.",
    breaks: 17,
    file: "shared/finch/people.ts",
    before: "answer.status !== 200 || !Array.isArray(individuals)",
    after: "!Array.isArray(individuals)",
    test: unit("finch/people", "of 202 is none"),
  },
  {
    name: "rosters: a directory that ends at a stranger",
    sentence: "Somebody without an id makes a whole employer unreadable.",
    breaks: 17,
    file: "shared/finch/people.ts",
    before: "told: individuals.length",
    after: "told: people.length",
    test: unit("finch/people", "is asked for a page of one entity, and read with its count"),
  },
  {
    name: "rosters: two at once",
    sentence: "Of two calls at one moment, each begins a roster.",
    breaks: 10,
    file: "shared/dynamodb/roster-store.ts",
    before: '"attribute_not_exists(running) OR ',
    after: '"attribute_exists(pk) OR attribute_not_exists(running) OR ',
    test: contract("begins once: of several at one moment one does"),
  },
  {
    name: "rosters: goes on for nobody",
    sentence: "People of a customer who is being deleted are read on until Finch has confirmed the last disconnect.",
    breaks: 17,
    file: "shared/connection/drive-deletion.ts",
    before:
      "  const rosters = await deps.rosters.erase(customerId, deps.now());\n  const sessions = await eraseSessions(deps, deletion);",
    after:
      '  const sessions = await eraseSessions(deps, deletion);\n  const rosters = sessions.found === 0 && (await deps.connections.list(customerId, { limit: 1, from: undefined, status: undefined, providerId: undefined })).items.length === 0 ? await deps.rosters.erase(customerId, deps.now()) : "waiting";',
    test: unit("connection/deletion-step", "cancels the roster that runs at once, however long Finch takes"),
  },
  {
    name: "rosters: a page after the last one",
    sentence: "Who still reads people writes a page that nobody erases any more.",
    breaks: 17,
    file: eraser,
    before: 'if (isLeased) return "waiting";',
    after: "void isLeased;",
    test: {
      ...{ project: "contract", file: "test/contract/roster-eraser.test.ts" },
      name: "waits for whoever may still write, and for nobody who has said that it does not",
    },
  },
  {
    name: "rosters: a lease nobody gives back",
    sentence: "A deletion waits ten minutes for somebody who has long stopped.",
    breaks: 17,
    file: "shared/roster/read-connection.ts",
    before: "await deps.rosters.releaseRead(roster, read);",
    after: "",
    test: unit(
      "roster/interrupted-reading",
      "are read no further when the run ends meanwhile, and nobody has a lease then",
    ),
  },
  {
    name: "rosters: names in an execution's history",
    sentence: "What a step throws is kept for 90 days as it is, whatever it quotes.",
    breaks: 12,
    file: "functions/read-roster-page/handler.ts",
    before: 'throw new Error("a step of a roster has failed");',
    after: "throw error;",
    test: unit("functions/employees", "says of what it throws only that it failed, and logs nobody's name"),
  },
  {
    name: "rosters: what was caught goes on",
    sentence: "What a step has thrown becomes part of the next one's input.",
    breaks: 12,
    file: "cdk/constructs/roster-definition.ts",
    before: '[{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: next }]',
    after: '[{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: next }]',
    test: cdk("roster-workflow", "steps are given ids and the step's name"),
  },
  {
    name: "rosters: more than a state holds",
    sentence: "A roster of more connections than Step Functions takes begins, and runs for ever.",
    breaks: 17,
    file: "shared/roster/start-roster.ts",
    before: 'if (!fitOneRoster(ids)) return refuse("too_many_connections");',
    after: "void [fitOneRoster, ids];",
    test: unit("roster/too-many", "is refused a roster: nothing of it is stored, and no execution begins"),
  },
  {
    name: "rosters: stopped by what is over",
    sentence: "What is told late of an execution stops the roster that goes on with another.",
    breaks: 10,
    file: "shared/dynamodb/roster-store.ts",
    before: '{ ":execution": roster.execution },\n        " AND execution = :execution",',
    after: '{ ":execution": roster.execution },',
    test: contract("is stopped by the end of the execution that is on, and of no other, as long as it runs"),
  },
  {
    name: "rosters: Finch's refusal holds nobody",
    sentence: "Where Finch refuses a read for its limits, the next goes out at once.",
    breaks: 11,
    file: "shared/finch/paced.ts",
    before: "      await budgets.hold(exceeded.budget, exceeded.holdMs);\n",
    after: "",
    test: unit(
      "roster/limits",
      "sends nothing of a product for a minute where Finch refuses all the same, and is whole",
    ),
  },
];
