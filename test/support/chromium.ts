import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";
import { unpackedChromium } from "./unpacked-chromium.ts";

/**
 * What the package sets for a function in AWS, and a person's browser does not: one process for everything, which dies with
 * its second context, and a browser without the same-origin policy.
 */
const unlikeBrowsers = new Set([
  "--single-process",
  "--no-zygote",
  "--disable-web-security",
  "--allow-running-insecure-content",
]);

/**
 * Starts the Chromium that the packages bring along, without a window.
 *
 * @param mapped `HOST:PORT` that the browser shall reach elsewhere, on this machine: `{ "localhost:3000": 54321 }`.
 * @throws Error on a platform for which the packages bring none.
 */
export const startChromium = async (mapped: Readonly<Record<string, number>>): Promise<Browser> => {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      `The packages bring a Chromium for Linux x64 only; this is ${process.platform} ${process.arch}. Run this test there.`,
    );
  }
  const rules = Object.entries(mapped).map(([name, port]) => `MAP ${name} 127.0.0.1:${port}`);
  return playwright.launch({
    executablePath: await unpackedChromium(),
    args: [
      ...chromium.args.filter((argument) => !unlikeBrowsers.has(argument)),
      "--no-sandbox",
      `--host-resolver-rules=${rules.join(",")}`,
    ],
    headless: true,
  });
};
