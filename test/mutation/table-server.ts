import { createConnectionTable, createLocalClient, startDynoxide } from "../support/dynoxide.ts";

/** Names the DynamoDB that `stores.test.ts` uses. */
export const endpointVariable = "PERCH_MUTATION_DYNAMODB";

/** The table that the others are made like. */
export const templateTable = "template";

/** Does something while there is a DynamoDB with the template. */
export const withTableServer = async <Value>(use: (endpoint: string) => Promise<Value>): Promise<Value> => {
  const { endpoint, stop } = await startDynoxide();
  try {
    const client = createLocalClient(endpoint);
    await createConnectionTable(client, templateTable);
    client.destroy();
    return await use(endpoint);
  } finally {
    await stop();
  }
};
