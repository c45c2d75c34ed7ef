import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One operation of the OpenAPI document, as the gateway needs it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** The folder under `functions/` that answers. */
  readonly function: string;
  /** Scopes that the caller's token must have, one of them; none: open to everybody. */
  readonly scopes: readonly string[];
}

/** The routes of the OpenAPI document; `node local/generate.ts` writes the file. */
export const readRoutes = (): readonly Route[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, "..", ".generated", "routes.json"), "utf8"));

/** Functions that answer routes and are in the roster stack; all others are in the API stack. */
export const rosterRouteFunctions: readonly string[] = [
  "start-roster",
  "get-roster",
  "list-employees",
  "get-employee",
  "match-employees",
];
