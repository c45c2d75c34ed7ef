import type { Outputs } from "./outputs.ts";
import { type ListedConnection, sampleCustomer } from "./sample.ts";

/** A table for the terminal, its columns as wide as their widest cell. */
const toTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
};

/** The sample customer's connections, as the API lists them. */
export const describeConnections = (connections: readonly ListedConnection[]): string =>
  toTable(
    ["connection_id", "provider", "status", "entities", "products"],
    connections.map(({ connection_id, provider_id, status, entities, products }) => [
      connection_id,
      provider_id,
      status,
      String(entities.length),
      products.join(" "),
    ]),
  );

/** The link to the sample customer's connections page. */
export const describePage = (url: string): string =>
  `Open ${sampleCustomer}'s connections page; the link works once, within an hour:\n\n  ${url}`;

/** The commands and links to go on with. No secret is among them: the commands read it from the outputs file. */
export const describeNextSteps = (
  { apiUrl, finchUrl }: Outputs,
  outputsFile: string,
  hasSimulatedFinch: boolean,
): string => {
  const read = (name: string) => `$(node -p "require('${outputsFile}').${name}")`;
  const connections = `${apiUrl}/v1/customers/${sampleCustomer}`;
  return `Get a token, list ${sampleCustomer}'s connections, start another Connect session, make another link to the page:

  TOKEN=$(curl -s ${apiUrl}/oauth2/token -u "${read("clientId")}:${read("clientSecret")}" -d grant_type=client_credentials | node -p 'JSON.parse(fs.readFileSync(0)).access_token')
  curl -s ${connections}/connections -H "Authorization: Bearer $TOKEN"
  curl -s ${connections}/connect-sessions -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"products":["company","directory"]}'
  curl -s -X POST ${connections}/page-sessions -H "Authorization: Bearer $TOKEN"

${
  hasSimulatedFinch
    ? `Open the connect_url that is answered in a browser, and sign in as "good_user" with "good_pass".

Let Finch lose its access to a connection (local/finch/README.md says what else it can be made to do):

  curl -s ${finchUrl}/_control/connections/CONNECTION_ID -d '{"status":"reauth"}'`
    : "Open the connect_url that is answered in a browser."
}

${toTable(
  ["Perch", apiUrl],
  [
    ["its API, as OpenAPI", `${apiUrl}/openapi.json`],
    [hasSimulatedFinch ? "simulated Finch" : "Finch", finchUrl],
    ["addresses and credentials", outputsFile],
  ],
)}`;
};
