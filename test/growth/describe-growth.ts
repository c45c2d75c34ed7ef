import { execFile } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../../local/stack/places.ts";
import { type Counted, operations, type Work } from "./operations.ts";

/**
 * What an operation reads and writes does not grow: it is the same with 10 connections in the table as with so many, and for
 * a customer who owns so many of them. Counted are the items and units of DynamoDB that the functions themselves ask for.
 *
 * @param tell hears what one operation takes.
 */
export const describeGrowth = (
  { stored, owned, patienceMs }: { readonly stored: number; readonly owned: number; readonly patienceMs: number },
  tell: (operation: string, work: Work) => void = () => {},
): void => {
  describe(`from 10 connections to ${stored}, and to ${owned} of one customer`, () => {
    let counted: Readonly<Record<"withTen" | "withMany" | "forLarge", Counted>>;
    beforeAll(async () => {
      counted = JSON.parse(await runCount(stored, owned));
    }, patienceMs);

    it.each(operations)("%s: the same items are read and written", (operation) => {
      const { [operation]: withTen } = counted.withTen;
      expect(withTen.itemsRead + withTen.itemsWritten).toBeGreaterThan(0);
      expect({ ...counted.withMany[operation], of: stored }).toEqual({ ...withTen, of: stored });
      expect({ ...counted.forLarge[operation], of: owned }).toEqual({ ...withTen, of: owned });
      tell(operation, withTen);
    });
  });
};

/** In a process of its own, whose environment the functions read; what it says of its progress is shown as it comes. */
const runCount = (stored: number, owned: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const program = join(root, "test/growth/count.ts");
    const child = execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", program, `${stored}`, `${owned}`],
      { cwd: root },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    );
    child.stderr?.pipe(process.stderr);
  });
