/** The scan that the security tests rely on. */
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findSecrets } from "../support/scan-for-secrets.ts";

describe("secrets", () => {
  it("would be found, however they were written", () => {
    const secret = randomBytes(33).toString("base64url");
    const bytes = Buffer.from(secret);
    for (const planted of [
      secret,
      `{"deep":"${secret}"}`,
      bytes,
      { a: [{ b: Buffer.concat([Buffer.from("xy"), bytes]) }] },
      bytes.toString("base64"),
      `token=${Buffer.from(`Bearer ${secret}`).toString("base64")}`,
      Buffer.from(`{"t":"${secret}"}`).toString("base64url"),
      `log ${bytes.toString("hex")}`,
      { [secret]: 1 },
    ]) {
      expect(findSecrets({ somewhere: planted }, { canary: secret })).not.toEqual([]);
    }
    expect(findSecrets({ somewhere: [randomBytes(33).toString("base64url")] }, { canary: secret })).toEqual([]);
  });
});
