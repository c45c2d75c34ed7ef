import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";

/** Listens, or says by the error's code why not. */
const tryListen = (server: Server, port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen({ port, host, exclusive: true }, () => resolve(undefined));
  });

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** Whether nobody listens on this port of 127.0.0.1. */
export const isPortFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  const problem = await tryListen(server, port, "127.0.0.1");
  if (problem === undefined) await close(server);
  return problem === undefined;
};

/** A port of 127.0.0.1 that is free now; the system chooses. */
export const findFreePort = async (): Promise<number> => {
  const server = createServer();
  await tryListen(server, 0, "127.0.0.1");
  const address = server.address();
  await close(server);
  if (address === null || typeof address === "string") throw new Error("The system gave no free port on 127.0.0.1.");
  return address.port;
};

/** The ports that nobody has to know beforehand. */
export interface InnerPorts {
  readonly emulator: number;
  readonly finch: number;
}

/**
 * The inner ports of last time where they are free, others where not. The same ports again mean the same addresses in the
 * deployed app, so that nothing has to be deployed anew.
 */
export const chooseInnerPorts = async (file: string): Promise<InnerPorts> => {
  const last = readPorts(file);
  const keep = async (port: unknown) =>
    typeof port === "number" && (await isPortFree(port)) ? port : await findFreePort();
  const ports = { emulator: await keep(last["emulator"]), finch: await keep(last["finch"]) };
  writeFileSync(file, JSON.stringify(ports));
  return ports;
};

const readPorts = (file: string): Readonly<Record<string, unknown>> => {
  try {
    return Object(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
};

/** Why the public port cannot be had, and what to do. */
export const describePortProblem = (port: number, code: string): string => {
  if (code === "EADDRINUSE") {
    return `Port ${port} is in use by another program: stop that one, or choose another port with "npm start -- --port ${port === 65535 ? port - 1 : port + 1}".`;
  }
  if (code === "EACCES")
    return `Port ${port} is reserved for administrators: choose one above 1023 with "npm start -- --port N".`;
  return `Port ${port} cannot be used (${code}): choose another with "npm start -- --port N".`;
};
