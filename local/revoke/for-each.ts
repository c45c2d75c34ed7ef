/** Does something with each, so many at a time. @throws what the first one to fail throws, after those under way. */
export const forEach = async <Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const queue = iterate(items);
  let hasFailed = false;
  const runs = Array.from({ length: atOnce }, async () => {
    try {
      for (let next = await queue.next(); !next.done && !hasFailed; next = await queue.next()) await work(next.value);
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  });
  const failed = (await Promise.allSettled(runs)).find((run) => run.status === "rejected");
  if (failed !== undefined) throw failed.reason;
};

async function* iterate<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
