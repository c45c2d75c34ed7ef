/**
 * Runs the simulated Finch: `node local/finch/main.ts --port N [--state FILE] [--url PUBLIC_URL]`.
 *
 * Its one application comes from the environment: FINCH_CLIENT_ID, FINCH_CLIENT_SECRET, FINCH_REDIRECT_URIS (comma
 * separated) and, if it is not to be a sandbox, FINCH_CLIENT_TYPE.
 */
import { parseArgs } from "node:util";
import { type Application, clientTypes } from "./model.ts";
import { createFinchSimulator } from "./server.ts";

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "0" }, state: { type: "string" }, url: { type: "string" } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error("--port must be a number from 0 to 65535.");
  const simulator = createFinchSimulator({
    applications: [applicationFromEnvironment()],
    ...(values.state === undefined ? {} : { stateFile: values.state }),
    ...(values.url === undefined ? {} : { publicUrl: values.url }),
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    // Each change is on disk before it is answered, so nothing is left to save.
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
  await simulator.listen(port);
  console.log(`The simulated Finch is ready at ${simulator.url}`);
};

const applicationFromEnvironment = (): Application => {
  const asked = process.env["FINCH_CLIENT_TYPE"] ?? "sandbox";
  const clientType = clientTypes.find((known) => known === asked);
  if (!clientType) throw new Error(`FINCH_CLIENT_TYPE must be one of ${clientTypes.join(", ")}.`);
  return {
    clientId: required("FINCH_CLIENT_ID"),
    clientSecret: required("FINCH_CLIENT_SECRET"),
    redirectUris: required("FINCH_REDIRECT_URIS")
      .split(",")
      .map((uri) => uri.trim()),
    clientType,
  };
};

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`The simulated Finch needs ${name} in its environment.`);
  return value;
};

run().catch((error: unknown) => {
  const busy = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const hint = busy ? " Another program has this port; choose one with --port." : "";
  console.error(`The simulated Finch cannot start: ${error instanceof Error ? error.message : error}${hint}`);
  process.exit(1);
});
