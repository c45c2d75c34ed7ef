import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../parts/basics.tsx";
import { usePage } from "../parts/context.ts";

/** A dialog over the page, which keeps the focus; Escape closes it as its cancel button does. */
export const Modal = ({ id, title, sub, alert = false, scrolls = true, children, foot, onClose }: ModalProps) => {
  const { words } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    // It leaves the page without being closed, so that the browser does not give the focus back by itself.
    return () =>
      queueMicrotask(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && opener instanceof HTMLElement && opener.isConnected) opener.focus();
      });
  }, []);
  return (
    <dialog
      id={id}
      ref={dialog}
      class={alert ? "narrow" : ""}
      role={alert ? "alertdialog" : undefined}
      aria-labelledby={`${id}-t`}
      aria-describedby={alert ? `${id}-b` : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dlg-head">
        <div>
          <h2 id={`${id}-t`}>{title}</h2>
          {sub && <p class="sub">{sub}</p>}
        </div>
        {!alert && (
          <button class="x" type="button" aria-label={words.plain("close")} onClick={onClose}>
            <Icon name="x" />
          </button>
        )}
      </div>
      <div
        class="dlg-body"
        id={`${id}-b`}
        {...(scrolls && { tabIndex: 0, role: "group", "aria-labelledby": `${id}-t` })}
      >
        {children}
      </div>
      <div class="dlg-foot">{foot}</div>
    </dialog>
  );
};

interface ModalProps {
  readonly id: string;
  readonly title: ComponentChildren;
  readonly sub?: ComponentChildren;
  /** It is an `alertdialog`, narrow, which only its buttons close. */
  readonly alert?: boolean;
  /** Its body has nothing to tab to, so that it is reached by itself to be scrolled. */
  readonly scrolls?: boolean;
  readonly children: ComponentChildren;
  readonly foot: ComponentChildren;
  readonly onClose: () => void;
}

/** One of several choices, with more below it while it is chosen. */
export const Choice = ({ group, checked, autofocus, head, hint, onChoose, children }: ChoiceProps) => (
  <div class="opt">
    <label>
      <input type="radio" name={group} checked={checked} autofocus={autofocus} onChange={onChoose} />
      <b>{head}</b>
      {hint && <span class="hint">{hint}</span>}
    </label>
    {children && <div class="opt-more">{children}</div>}
  </div>
);

interface ChoiceProps {
  readonly group: string;
  readonly checked: boolean;
  readonly autofocus?: boolean;
  readonly head: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly onChoose: () => void;
  readonly children?: ComponentChildren;
}
