/** A process that exchanges a code is killed at one point, and what comes after it in the same table. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { exchangeAuthorizationCode } from "#shared/connection/exchange-authorization-code.ts";
import { openTable } from "#shared/dynamodb/table.ts";
import { audit, auditSettled } from "../interleavings/audit.ts";
import { settle } from "../interleavings/run.ts";
import { broughtBack, cookie, createWorld, type World } from "../interleavings/world.ts";
import { aGrant, minute } from "../support/builders.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { createMemoryTokenVault } from "../support/memory/token-vault.ts";
import { startFinchOverHttp } from "./finch-over-http.ts";
import { ended, type Order } from "./killed-process.ts";
import { openRunStores } from "./open-stores.ts";

/** A way in which an exchange may go. */
export interface Way {
  readonly name: string;
  readonly lostAnswers?: number;
  readonly prepare: (world: World) => Promise<{ sessionId: string; state: string; code: string }>;
}

export const ways: readonly Way[] = [
  {
    name: "a new connection",
    prepare: async (world) => world.reachCallback(await world.createCustomer("acme"), aGrant()),
  },
  {
    name: "owned by another customer",
    prepare: async (world) => {
      const { connectionId } = await world.connect(await world.createCustomer("globex"), [aGrant()], {
        entities: [entity],
      });
      return world.reachCallback(await world.createCustomer("acme"), aGrant({ connectionId }));
    },
  },
  {
    name: "Finch's first answer is lost",
    lostAnswers: 1,
    prepare: async (world) => world.reachCallback(await world.createCustomer("acme"), aGrant()),
  },
  {
    name: "a code that Finch does not know",
    prepare: async (world) => {
      const brought = await world.reachCallback(await world.createCustomer("acme"), aGrant());
      return { ...brought, code: "never-issued" };
    },
  },
];

const entity = { id: "entity-1", name: null, sourceId: null, status: null };

/** What comes after the kill. */
export const recoveries = ["the browser comes back", "nobody comes back"] as const;
export type Recovery = (typeof recoveries)[number];

/** How a run went. */
export interface Killed {
  /** What was announced until the process was killed, or ended by itself. */
  readonly points: readonly string[];
  /** `completed connected`, `failed token_lost` and the like. */
  readonly verdict: string;
  readonly found: readonly string[];
}

/** Everything that runs share; `kill` makes one run. */
export const openKilling = async () => {
  const dynoxide: Dynoxide = await startDynoxide();
  const client = createLocalClient(dynoxide.endpoint);
  const finchServer = await startFinchOverHttp();
  const children = new Set<ChildProcess>();
  // The first takes seconds: the CDK is loaded for it.
  await createConnectionTable(client, "first");

  /** Lets a process exchange the code until it reaches this point, counted from 1; undefined: to its end. */
  const runProcess = async (world: World, way: Way, order: Order, killAt: number | undefined): Promise<string[]> => {
    const points: string[] = [];
    const child = spawn(process.execPath, [join(import.meta.dirname, "killed-process.ts")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    children.add(child);
    // What is written to a process that is gone is lost, like the process.
    child.stdin.on("error", () => undefined);
    const isDead = (point: string): boolean => {
      points.push(point);
      if (points.length === killAt) child.kill("SIGKILL");
      return killAt !== undefined && points.length >= killAt;
    };
    finchServer.serve(world.finch, async ({ name, moment }) => void isDead(`${moment} ${name}`), way.lostAnswers ?? 0);
    const exited = once(child, "exit");
    createInterface(child.stdout).on("line", (line) => {
      if (line !== ended && !isDead(line)) child.stdin.write("go on\n");
    });
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const [code, signal] = await exited;
    children.delete(child);
    if ((killAt === undefined ? code : signal) !== (killAt === undefined ? 0 : "SIGKILL")) {
      throw new Error(`the process ended with ${code ?? signal} after ${points.at(-1)}`);
    }
    return killAt === undefined ? points : points.slice(0, killAt);
  };

  const kill = async (way: Way, killAt: number | undefined, recovery: Recovery): Promise<Killed> => {
    const table = openTable(`kill-${randomUUID()}`, client);
    await createConnectionTable(client, table.name);
    const key = randomBytes(32);
    const world = createWorld(openRunStores(table), 1, createMemoryTokenVault(key));
    const brought = await way.prepare(world);
    const points = await runProcess(
      world,
      way,
      {
        ...{ endpoint: dynoxide.endpoint, tableName: table.name, finchUrl: finchServer.url },
        ...{
          vaultKey: key.toString("hex"),
          nowMs: world.now().getTime(),
          state: brought.state,
          code: brought.code,
          cookie,
        },
      },
      killAt,
    );
    if (recovery === "the browser comes back") {
      const comeBack = () =>
        exchangeAuthorizationCode(world.dependenciesOf(async () => undefined))(
          broughtBack(brought),
          new Date(world.now().getTime() + 7 * minute),
        );
      // At once, while the lease of the dead process holds; and when it is over.
      await comeBack();
      world.advance(8 * minute);
      await comeBack();
    }
    const found = await audit(await world.takeSnapshot(), world, true);
    const settled = await settle(world);
    const session = settled.sessions.find(({ sessionId }) => sessionId === brought.sessionId);
    return {
      points,
      verdict: `${session?.status} ${session?.outcome ?? session?.failureReason}`,
      found: [...found, ...(await audit(settled, world, true)), ...auditSettled(settled)],
    };
  };

  const close = async () => {
    for (const child of children) child.kill("SIGKILL");
    finchServer.close();
    client.destroy();
    await dynoxide.stop();
  };
  return { kill, close };
};
