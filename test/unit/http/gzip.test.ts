/** Who takes a reply gzipped, and from which length on one is. */
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { acceptsGzip, gzipped } from "#shared/http/gzip.ts";

describe("gzip is taken", () => {
  it.each(["gzip", "br, gzip", "GZIP", "gzip;q=0.5", "gzip;q=0.05, br", "gzip ; q=1", "br;q=0, gzip"])(
    "by who accepts %j",
    (accepted) => {
      expect(acceptsGzip({ "accept-encoding": accepted })).toBe(true);
    },
  );

  it.each([
    "",
    "br",
    "gzip;q=0",
    "gzip;q=0.",
    "gzip;q=0.000",
    "gzip;q=0.0, br",
    "gzip ; q=0",
    "gzip; q=0 , br",
    "gzip2",
  ])("not by who accepts %j", (accepted) => {
    expect(acceptsGzip({ "accept-encoding": accepted })).toBe(false);
  });

  it("not by who does not say", () => {
    expect(acceptsGzip({})).toBe(false);
  });
});

describe("a reply", () => {
  const reply = (length: number) => ({
    statusCode: 200,
    headers: { "content-type": "text/plain" },
    body: "a".repeat(length),
  });
  const takes = { "accept-encoding": "gzip" };

  it("is gzipped from the length on that no packet takes", () => {
    expect(gzipped(reply(1_399), takes)).toEqual(reply(1_399));
    const { body = "", ...others } = gzipped(reply(1_400), takes);
    expect(others).toEqual({
      statusCode: 200,
      headers: { "content-type": "text/plain", "content-encoding": "gzip" },
      isBase64Encoded: true,
    });
    expect(gunzipSync(Buffer.from(body, "base64")).toString()).toBe("a".repeat(1_400));
  });

  it("stays as it is for who does not take that", () => {
    expect(gzipped(reply(5_000), {})).toEqual(reply(5_000));
  });
});
