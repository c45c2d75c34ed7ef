import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnElement, Stack } from "aws-cdk-lib";
import { functionNames } from "../../cdk/bundles.ts";
import { addChecks } from "../../cdk/checks.ts";
import { createStacks } from "../../cdk/stacks.ts";

/** A resource of a template, under the name that a reader of `cdk/` knows it by. */
export interface Resource {
  /** Its path in the construct tree without its stack, such as `ConnectionTable/Table`. */
  readonly name: string;
  /** Its name in the template, by which CloudFormation knows what it has made of it. */
  readonly logicalId: string;
  readonly stack: string;
  readonly type: string;
  /** As in the template, with references to other resources turned into their names. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
  readonly updatePolicy: unknown;
  /** The resources that CloudFormation is told to make before. */
  readonly dependsOn: readonly string[];
}

/** A synthesised stage. */
export interface Assembly {
  readonly stackNames: readonly string[];
  /** Which stacks a stack is deployed after, by their ids. */
  readonly stackDependencies: ReadonlyMap<string, readonly string[]>;
  readonly resources: readonly Resource[];
  /** What the CDK would have to look up in an account before it could go on. */
  readonly missing: readonly unknown[];
}

interface RawResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly UpdatePolicy?: unknown;
  readonly DependsOn?: string | readonly string[];
}

interface RawTemplate {
  readonly Resources: Readonly<Record<string, RawResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>>;
}

export const root = join(import.meta.dirname, "..", "..");

interface Synthesis {
  readonly checked?: boolean;
  readonly context?: Readonly<Record<string, string>>;
}

const synthesised = new Map<string, Assembly>();

/**
 * Synthesises a stage, as `cdk.json` and more context configure it, with empty bundles. It takes seconds: a stage that was
 * asked for before, in whatever file, is given again.
 *
 * @throws Error with the report when `checked` and the templates break a rule.
 */
export const synthesise = (stage: string, synthesis: Synthesis = {}): Assembly => {
  const key = JSON.stringify([stage, synthesis]);
  const assembly = synthesised.get(key) ?? synthesiseAnew(stage, synthesis);
  synthesised.set(key, assembly);
  return assembly;
};

const synthesiseAnew = (stage: string, { checked = false, context: more = {} }: Synthesis): Assembly => {
  const folder = mkdtempSync(join(tmpdir(), "perch-cdk-"));
  try {
    const bundles = join(folder, "bundles");
    for (const name of functionNames()) {
      mkdirSync(join(bundles, name), { recursive: true });
      writeFileSync(join(bundles, name, "index.js"), `// ${name}`);
    }
    const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8"));
    const app = new App({
      context: { ...context, ...more, stage },
      outdir: join(folder, "cdk.out"),
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
    });
    createStacks(app, bundles);
    if (checked) addChecks(app);
    const assembly = app.synth();
    const stacks = app.node.children.filter((child) => Stack.isStack(child));
    const templates = new Map(
      stacks.map((stack) => [stack, assembly.getStackArtifact(stack.artifactId).template as RawTemplate]),
    );
    return {
      stackNames: stacks.map((stack) => stack.stackName),
      stackDependencies: new Map(
        stacks.map((stack) => [stack.node.id, stack.dependencies.map(({ node }) => node.id).toSorted()]),
      ),
      resources: readResources(templates),
      missing: assembly.manifest.missing ?? [],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The resources of a type, by name. */
export const resourcesOf = (assembly: Assembly, type: string): ReadonlyMap<string, Resource> =>
  new Map(assembly.resources.filter((each) => each.type === type).map((each) => [each.name, each]));

const readResources = (templates: ReadonlyMap<Stack, RawTemplate>): Resource[] => {
  const exported = new Map<unknown, string>();
  return [...templates].flatMap(([stack, template]) => {
    const names = namesOf(stack);
    const read = (value: unknown) => readable(value, names, exported);
    // Stacks come in the order of their making: one that imports comes after the one that exports.
    for (const { Value, Export } of Object.values(template.Outputs ?? {})) {
      if (Export !== undefined) exported.set(Export.Name, String(read(Value)));
    }
    return Object.entries(template.Resources).map(([id, resource]) => ({
      name: names.get(id) ?? id,
      logicalId: id,
      stack: stack.node.id,
      type: resource.Type,
      properties: read(resource.Properties ?? {}) as Record<string, unknown>,
      deletionPolicy: resource.DeletionPolicy,
      updateReplacePolicy: resource.UpdateReplacePolicy,
      updatePolicy: read(resource.UpdatePolicy),
      dependsOn: [resource.DependsOn ?? []].flat().map((logicalId) => names.get(logicalId) ?? logicalId),
    }));
  });
};

const namesOf = (stack: Stack): Map<string, string> =>
  new Map(
    stack.node
      .findAll()
      .filter((construct) => CfnElement.isCfnElement(construct))
      .map((element) => [
        String(stack.resolve(element.logicalId)),
        element.node.path.slice(`${stack.node.path}/`.length).replace(/\/(Resource|Default)$/, ""),
      ]),
  );

const readable = (
  value: unknown,
  names: ReadonlyMap<string, string>,
  exported: ReadonlyMap<unknown, string>,
): unknown => {
  const read = (each: unknown): unknown => readable(each, names, exported);
  if (Array.isArray(value)) return value.map(read);
  if (typeof value !== "object" || value === null) return value;
  const [[intrinsic, operand] = []] = Object.entries(value);
  switch (intrinsic) {
    case "Ref":
      return names.get(operand) ?? operand;
    case "Fn::GetAtt":
      return operand[1] === "Arn" ? names.get(operand[0]) : `${names.get(operand[0])}.${operand[1]}`;
    case "Fn::ImportValue":
      return exported.get(operand) ?? `import of ${operand}`;
    case "Fn::Join":
      return operand[1].map(read).join(operand[0]);
    case "Fn::Sub":
      return operand;
    default:
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, read(each)]));
  }
};
