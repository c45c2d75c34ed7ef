import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readStage } from "../../cdk/stages.ts";
import { resourcesOf, synthesise } from "./support.ts";

describe("a stage with an issuer of its own", () => {
  const assembly = synthesise("production", {
    context: { jwtIssuer: "https://id.example.com/", jwtAudience: "perch, perch-batch", scopePrefix: "https://api/" },
  });

  it("accepts that issuer's tokens with its form of the scopes, and has no user pool", () => {
    expect(
      resourcesOf(assembly, "AWS::ApiGatewayV2::Authorizer").get("Api/Jwt")?.properties["JwtConfiguration"],
    ).toEqual({
      Audience: ["perch", "perch-batch"],
      Issuer: "https://id.example.com/",
    });
    const scopes = [...resourcesOf(assembly, "AWS::ApiGatewayV2::Route").values()].flatMap(
      ({ properties }) => (properties["AuthorizationScopes"] ?? []) as string[],
    );
    expect(scopes).toContain("https://api/connections:read");
    expect(scopes.filter((scope) => !scope.startsWith("https://api/"))).toEqual([]);
    expect(assembly.resources.filter(({ type }) => type.startsWith("AWS::Cognito::"))).toEqual([]);
  });
});

describe("a stage with a certificate", () => {
  const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/1";
  const assembly = synthesise("production", { context: { publicUrl: "https://perch.example.com", certificateArn } });

  it("has its host as a domain of the API's, which outlives the stage of the API", () => {
    const domain = resourcesOf(assembly, "AWS::ApiGatewayV2::DomainName").get("Domain");
    expect([domain?.stack, domain?.deletionPolicy]).toEqual(["PerchData", "Retain"]);
    expect(domain?.properties).toMatchObject({
      DomainName: "perch.example.com",
      DomainNameConfigurations: [{ CertificateArn: certificateArn, EndpointType: "REGIONAL" }],
    });
    expect([...resourcesOf(assembly, "AWS::ApiGatewayV2::ApiMapping").values()]).toMatchObject([
      {
        stack: "PerchApi",
        properties: { ApiId: "Api", DomainName: "Domain", Stage: "$default" },
        dependsOn: expect.arrayContaining(["Gateway/Stage"]),
      },
    ]);
  });
});

describe("a stage with a name, a colour and a logo of its own", () => {
  const folder = mkdtempSync(join(tmpdir(), "perch-logo-"));
  const pageLogo = join(folder, "logo.svg");
  writeFileSync(pageLogo, "<svg xmlns='http://www.w3.org/2000/svg'/>");
  const assembly = synthesise("production", { context: { pagePlatform: "Harbor", pageAccent: "#1f6f5c", pageLogo } });
  rmSync(folder, { recursive: true });

  it("tells them to the function that serves the page, which may do nothing else", () => {
    const fn = resourcesOf(assembly, "AWS::Lambda::Function").get("serve-page/Function");
    const environment = fn?.properties["Environment"] as { Variables: Record<string, string> };
    expect(environment.Variables).toEqual({ PAGE_CONFIG: expect.any(String), PAGE_LOGO: "logo.svg" });
    expect(JSON.parse(environment.Variables["PAGE_CONFIG"] ?? "")).toMatchObject({
      ...{ platform: "Harbor", accent: "#1f6f5c", logo: true, mode: "redirect" },
      connectUrl: "https://connect.tryfinch.com",
    });
  });
});

describe("a stage", () => {
  it("is production unless the context says otherwise", () => {
    expect(readStage(() => undefined)).toMatchObject({ name: "production", finchUrl: "https://api.tryfinch.com" });
  });

  it.each([
    [{ stage: "prod" }, "context stage=prod: expected one of production, sandbox, local"],
    [{ finchUrl: "https://finch.example/v1" }, "context finchUrl=https://finch.example/v1: expected an origin"],
    [{ publicUrl: "perch.example" }, "context publicUrl=perch.example: expected an origin"],
    [{ returnOrigins: "https://a.example,b" }, "context returnOrigins=b: expected an origin"],
    [{ defaultCustomerMode: "many" }, "context defaultCustomerMode=many: expected one of single, multiple"],
    [{ tokenStore: "vault" }, "context tokenStore=vault: expected one of kms, secrets-manager"],
    [{ sweepSecrets: "yes" }, "context sweepSecrets=yes: expected one of on, off"],
    [{ certificateArn: "arn:aws:acm:…" }, "context certificateArn: expected publicUrl beside it"],
    [
      { jwtIssuer: "id.example.com", jwtAudience: "perch" },
      "context jwtIssuer=id.example.com: expected the https address",
    ],
    [{ jwtIssuer: "https://id.example.com" }, "context jwtAudience: expected beside jwtIssuer"],
    [{ jwtAudience: "perch" }, "context jwtAudience, scopePrefix: expected jwtIssuer beside them"],
    [{ reserveConcurrency: "yes" }, "context reserveConcurrency=yes: expected one of on, off"],
    [{ pagePlatform: "" }, "context pagePlatform: expected a name of 1 to 80 characters"],
    [{ pageAccent: "red;}" }, "context pageAccent=red;}: expected a colour such as #2f5fd0"],
    [{ pageMode: "popup" }, "context pageMode=popup: expected one of redirect, embedded"],
    [{ pageLanguages: "en,Klingon" }, "context pageLanguages=Klingon: expected words such as en,es"],
    [{ pageProducts: "company,SSN" }, "context pageProducts=SSN: expected words such as company,"],
    [{ pageHelpUrl: "javascript:alert(1)" }, "context pageHelpUrl=javascript:alert(1): expected an https address"],
    [
      { connectUrl: "https://connect.example/authorize" },
      "context connectUrl=https://connect.example/authorize: expected",
    ],
    [
      { pageLogo: "package.json" },
      "context pageLogo=package.json: expected a .png, .jpg, .webp or .svg file that is one",
    ],
    [{ finchClientType: "live" }, "context finchClientType=live: expected one of production, development, sandbox"],
  ])("refuses the context %j with a sentence", (context: Readonly<Record<string, string>>, message) => {
    expect(() => readStage((name) => context[name])).toThrow(message);
  });
});
