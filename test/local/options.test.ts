import { describe, expect, it } from "vitest";
import { defaultPort, parseStartOptions } from "../../local/stack/options.ts";

const finchEnvironment = { FINCH_CLIENT_ID: "id", FINCH_CLIENT_SECRET: "secret", FINCH_WEBHOOK_SECRET: "hook" };

describe("the arguments of npm start", () => {
  it("are all optional", () => {
    expect(parseStartOptions([], {})).toEqual({
      ok: true,
      value: { help: false, fresh: false, detach: false, port: defaultPort, tokenStore: "kms" },
    });
  });

  it("may be combined", () => {
    expect(parseStartOptions(["--fresh", "--detach", "--port", "9000"], {})).toEqual({
      ok: true,
      value: { help: false, fresh: true, detach: true, port: 9000, tokenStore: "kms" },
    });
  });

  it.each(["0", "65536", "-1", "80x", "8.5", ""])("refuse the port %j in one sentence", (port) => {
    const parsed = parseStartOptions([`--port=${port}`], {});
    expect(parsed).toMatchObject({ ok: false, refusal: expect.stringMatching(/^--port .*from 1 to 65535\.$/) });
  });

  it.each([["--bogus"], ["--port"], ["--fresh=yes"], ["stray"]])("refuse %s, naming it and the help", (argument) => {
    const parsed = parseStartOptions([argument], {});
    expect(parsed).toMatchObject({ ok: false, refusal: expect.stringContaining('See "npm start -- --help".') });
    expect(parsed.ok || parsed.refusal).toContain(argument.split("=")[0]);
    expect(parsed.ok || parsed.refusal).not.toContain("\n");
  });

  it("take another token store, and refuse an unknown one in one sentence", () => {
    expect(parseStartOptions(["--token-store", "secrets-manager"], {})).toMatchObject({
      ok: true,
      value: { tokenStore: "secrets-manager" },
    });
    expect(parseStartOptions(["--token-store", "vault"], {})).toEqual({
      ok: false,
      refusal: "--token-store vault is no token store: give one of kms, secrets-manager.",
    });
  });

  it("take another Finch with its credentials from the environment", () => {
    expect(parseStartOptions(["--finch-url", "https://api.tryfinch.com/"], finchEnvironment)).toMatchObject({
      ok: true,
      value: {
        otherFinch: {
          url: "https://api.tryfinch.com",
          clientId: "id",
          clientSecret: "secret",
          webhookSecret: "hook",
        },
      },
    });
  });

  it("name every value that another Finch needs and the environment lacks", () => {
    const parsed = parseStartOptions(["--finch-url", "https://api.tryfinch.com"], {
      FINCH_CLIENT_ID: "id",
      FINCH_CLIENT_SECRET: "",
    });
    expect(parsed).toMatchObject({
      ok: false,
      refusal: expect.stringContaining("FINCH_CLIENT_SECRET, FINCH_WEBHOOK_SECRET"),
    });
  });

  it.each(["api.tryfinch.com", "ftp://api.tryfinch.com", "https://api.tryfinch.com/v1"])(
    "refuse %s as another Finch's address",
    (url) => {
      expect(parseStartOptions(["--finch-url", url], finchEnvironment)).toMatchObject({
        ok: false,
        refusal: expect.stringContaining("is no origin"),
      });
    },
  );
});
