import { execFile } from "node:child_process";
import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** The folder of the package, which a newer version replaces together with what was unpacked from the older one. */
const packageFolder = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "../..");
const unpack = `import chromium from "@sparticuz/chromium"; await chromium.executablePath();`;

/**
 * The path of the packaged Chromium, unpacked. The package itself takes whatever file it finds in the directory for temporary
 * files, which may be one that another process is still writing (`ETXTBSY`), or left half written. Here it unpacks to a
 * directory of its own, which gets its name when it is whole: whoever comes second finds the first one's.
 *
 * @throws Error if it cannot be unpacked.
 */
export const unpackedChromium = async (): Promise<string> => {
  const folder = join(packageFolder, "unpacked");
  if (!(await exists(folder))) {
    const unfinished = await mkdtemp(`${folder}-`);
    try {
      await run(process.execPath, ["--input-type=module", "--eval", unpack], {
        cwd: import.meta.dirname,
        env: { ...process.env, TMPDIR: unfinished },
      });
      await rename(unfinished, folder);
    } catch (cause) {
      if (!(await exists(folder))) throw new Error("The packaged Chromium could not be unpacked.", { cause });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  return join(folder, "chromium");
};

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
