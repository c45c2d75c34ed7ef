/** How fast the connections page draws in Chromium, with a few connections and with 500, over an API that answers at once. */
import { printFindings, roundsAsked } from "../../../local/bench/finding.ts";
import { startChromium } from "../../support/chromium.ts";
import { createWorld } from "../../web/support/fake-api.ts";
import { startPageServer } from "../../web/support/page-server.ts";
import { measurePaint, type Paint } from "../../web/support/paint.ts";
import { many } from "../../web/support/samples.ts";

const [server, chromium] = await Promise.all([startPageServer(), startChromium({})]);
try {
  const taken = new Map<number, Paint[]>([5, 500].map((count) => [count, []]));
  // In turn, so that what else the machine does meets both alike; the first round only warms the browser up.
  for (let round = 0; round <= roundsAsked(); round += 1) {
    for (const [count, paints] of taken) {
      server.world = createWorld({ connections: many(count) });
      const paint = await measurePaint(chromium, server.url);
      if (round > 0) paints.push(paint);
    }
  }
  const atMost = (than: number) => ({ bar: { of: "figure", must_be: "at most", than } as const });
  printFindings(
    [...taken].flatMap(([count, paints]) => {
      const of = (key: keyof Paint, what: string, unit: string, bar: ReturnType<typeof atMost> | object = {}) => ({
        name: `page ${count} connections, ${what}`,
        what: `the connections page with ${count} connections: ${what}, as Chromium's own performance entries tell`,
        ...{ unit, samples: paints.map((paint) => paint[key]), ...bar },
      });
      return [
        of("firstContentMs", "first content", "ms", atMost(1_000)),
        of("largestContentMs", "largest content", "ms"),
        of("firstRowMs", "first connection shown", "ms", atMost(1_000)),
        of("layoutShift", "layout shift", "share", atMost(0.05)),
        of("scriptBytes", "script, gzipped", "bytes", atMost(40 * 1024)),
        of("dataRequests", "requests for data", "requests", { bar: { of: "figure", must_be: "exactly", than: 1 } }),
      ];
    }),
  );
} finally {
  await chromium.close();
  await server.close();
}
