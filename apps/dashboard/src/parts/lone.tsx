import type { ComponentChildren, JSX } from "preact";

/** A page that has one thing to say. */
export function Lone(props: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="card lone" aria-labelledby="lone-title">
      <h1 id="lone-title">{props.title}</h1>
      {props.children}
    </section>
  );
}

/** The shape of the page while the first answer is awaited. */
export function Loading(): JSX.Element {
  return (
    <div class="loading" role="status">
      <p class="visually-hidden">Asking the controller …</p>
      <div class="card skeleton is-status" />
      <div class="card skeleton is-rail" />
      <div class="card skeleton is-rest" />
    </div>
  );
}
