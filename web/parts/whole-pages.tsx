import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "./basics.tsx";
import { usePage } from "./context.ts";
import { Message, Top } from "./frame.tsx";

/** A one-time link that waits for its button: a mail scanner that opens it presses none. */
export const LinkPage = () => {
  const { words, settings, state, page } = usePage();
  return (
    <Message icon="link">
      <h1>{words.say("open.heading")}</h1>
      <p>{words.say("open.body", { platform: settings.platform })}</p>
      <Button look="primary" onPress={page.openLink}>
        {words.say("open.go")}
      </Button>
      {state.failureCode !== null && (
        <p class="small" role="alert">
          {words.say("error.body")}{" "}
          {words.say("error.ref", { platform: settings.platform, code: [<code>{state.failureCode}</code>] })}
        </p>
      )}
    </Message>
  );
};

/** A link that opens nothing any more. */
export const DeadLinkPage = ({ used }: { readonly used: boolean }) => {
  const { words, settings } = usePage();
  const { platform } = settings;
  return (
    <Message icon="key">
      <WholeHeading>{words.say(used ? "used.heading" : "expired.heading")}</WholeHeading>
      <p>{words.say(used ? "used.body" : "expired.body", { platform })}</p>
      {used && <p class="small">{words.say("used.check", { platform })}</p>}
    </Message>
  );
};

/** The session is over. */
export const EndedPage = () => {
  const { words, settings, state } = usePage();
  const { platform } = settings;
  const session = state.about?.session;
  return (
    <Message icon="lock">
      <WholeHeading>{words.say("ended.heading")}</WholeHeading>
      <p>{words.say("ended.body", { minutes: session?.idleMinutes ?? 30 })}</p>
      {session?.returnUrl ? (
        <a class="btn primary" href={session.returnUrl}>
          <span>{words.say("ended.go", { platform })}</span>
        </a>
      ) : (
        <p class="small">{words.say("ended.go", { platform })}</p>
      )}
    </Message>
  );
};

/** The list could not be loaded. */
export const FailedPage = () => {
  const { words, settings, state, page } = usePage();
  return (
    <>
      <Top add={null} lead={null} />
      <div class="box">
        <Message icon={state.online ? "stop" : "off"} tone={state.online ? "stop" : "calm"}>
          <WholeHeading level={2}>{words.say(state.online ? "error.heading" : "offline.heading")}</WholeHeading>
          <p>{words.say(state.online ? "error.body" : "offline.failed")}</p>
          <Button look="primary" icon="again" local onPress={page.load}>
            {words.say("error.retry")}
          </Button>
          {state.failureCode !== null && (
            <p class="small">
              {words.say("error.ref", { platform: settings.platform, code: [<code>{state.failureCode}</code>] })}
            </p>
          )}
        </Message>
      </div>
    </>
  );
};

/** Nothing is connected yet. */
export const EmptyList = () => {
  const { words, settings, page } = usePage();
  const { platform } = settings;
  return (
    <div class="box">
      <Message icon="link">
        <h2>{words.say("empty.heading")}</h2>
        <p>{words.say("empty.body", { platform })}</p>
        <ol class="steps">
          <li>{words.say("empty.step1")}</li>
          <li>{words.say("empty.step2")}</li>
          <li>{words.say("empty.step3")}</li>
        </ol>
        <Button look="primary" onPress={() => page.connect(null)}>
          {words.say("empty.go")}
        </Button>
        <p class="small">{words.say("connect.trust", { platform })}</p>
      </Message>
    </div>
  );
};

/** The heading of a page that has taken another's place: it has the focus, so that it is read. */
const WholeHeading = ({ children, level = 1 }: { readonly children: ComponentChildren; readonly level?: 1 | 2 }) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <Heading ref={heading} tabIndex={-1}>
      {children}
    </Heading>
  );
};
