/** What makes a call dearer and changes nothing else. */
import { cost, type PlantedBug } from "../planted-bug.ts";

export const costBugs: readonly PlantedBug[] = [
  {
    name: "cost: a second read for each connection that is read",
    sentence: "A connection is read twice, and the second time counts.",
    breaks: 14,
    file: "functions/get-connection/handler.ts",
    before: "    const connection = await connections.find(path",
    after: `    await connections.find(path.customer_id as CustomerId, path.connection_id as ConnectionId);
    const connection = await connections.find(path`,
    test: cost("is what docs/cost.md says"),
  },
  {
    name: "cost: a callback that asks for more than its exchange",
    sentence: "The browser waits for one more read, of what the exchange finds out by itself.",
    breaks: 14,
    file: "functions/receive-connect-callback/handler.ts",
    before: "    const reply = await exchange({",
    after: `    await deps.sessions.find(sessionId);
    const reply = await exchange({`,
    test: {
      project: "contract",
      file: "test/contract/round-trips.test.ts",
      name: "are one for a callback beside its exchange",
    },
  },
];
