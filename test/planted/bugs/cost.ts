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
];
