/**
 * Counts what each operation reads and writes, `node test/growth/count.ts STORED OWNED`: with 10 connections in the table,
 * with STORED of them, and for a customer who owns OWNED of those. Prints it as JSON; progress goes to stderr.
 */
import { startWorld, tableName } from "../cost/world.ts";
import { newCustomerId } from "../support/builders.ts";
import { connectionsOf, type Owned, startLargeTable } from "./large-table.ts";
import { countOperations } from "./operations.ts";

const [stored = 0, owned = 0] = process.argv.slice(2).map(Number);
const few = 10;
/** What the other customers have. */
const usual = 100;

const since = performance.now();
const tell = (line: string) =>
  void process.stderr.write(`${((performance.now() - since) / 1_000).toFixed(1)} s  ${line}\n`);

const ownedBySome = (): Owned => ({ customerId: newCustomerId(), count: few });
const world = await startWorld("kms");
const showAgain = world.host.captureLog();
const description = await world.describeTable();

/** Moves to a table that has these customers' connections, and returns those of the first ones. */
const fill = async (first: readonly Owned[], others: readonly Owned[] = []) => {
  const kept = first.map((each) => [...connectionsOf(each)]);
  const all = function* () {
    yield* kept.flat();
    for (const each of others) yield* connectionsOf(each);
  };
  await world.moveTo(await startLargeTable(tableName, description, all()));
  return kept;
};
const count = (connections: Parameters<typeof countOperations>[1], where: string) =>
  countOperations(world, connections, (operation) => tell(`${where}: ${operation}`));

const [ten = []] = await fill([ownedBySome()]);
const withTen = await count(ten, `${few} connections`);
const rest = stored - owned - few;
const others = Array.from({ length: Math.ceil(rest / usual) }, (_, index) => ({
  customerId: newCustomerId(),
  count: Math.min(usual, rest - index * usual),
}));
const [some = [], large = []] = await fill([ownedBySome(), { customerId: newCustomerId(), count: owned }], others);
tell(`${stored} connections are there`);
const withMany = await count(some, `${stored} connections`);
const forLarge = await count(large, `${owned} of one customer`);
showAgain();
await world.stop();
const text = JSON.stringify({ withTen, withMany, forLarge });
process.stdout.write(text, () => process.exit(0));
