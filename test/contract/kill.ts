/** A process is killed at one point of its work, and what comes after it in the same table. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openTable } from "#shared/dynamodb/table.ts";
import { audit, auditSettled } from "../interleavings/audit.ts";
import { settle } from "../interleavings/run.ts";
import { createWorld, type World } from "../interleavings/world.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { createMemoryTokenVault } from "../support/memory/token-vault.ts";
import { startFinchOverHttp } from "./finch-over-http.ts";
import { ended, type Order } from "./killed-process.ts";
import type { Recovery, Way } from "./killed-ways.ts";
import { openRunStores } from "./open-stores.ts";

/** How a run went. */
export interface Killed {
  /** What was announced until the process was killed, or ended by itself. */
  readonly points: readonly string[];
  /** In the words of the way. */
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

  /** Lets a process work until it reaches this point, counted from 1; undefined: to its end. */
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
    const { work, tryAgain, verdict } = await way.prepare(world);
    const nowMs = world.now().getTime();
    const order: Order = {
      ...{ endpoint: dynoxide.endpoint, tableName: table.name, finchUrl: finchServer.url },
      ...{ vaultKey: key.toString("hex"), nowMs, work },
    };
    const points = await runProcess(world, way, order, killAt);
    if (recovery === "it is tried again") await tryAgain();
    const found = await audit(await world.takeSnapshot(), world, true);
    const settled = await settle(world);
    return {
      points,
      verdict: verdict(settled),
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
