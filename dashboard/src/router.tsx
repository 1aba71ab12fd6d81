import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from "react";

const navigated = "evalforge:navigated";

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(navigated, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(navigated, listener);
  };
}

/** The path in the address bar; the caller is drawn again whenever it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/** The query in the address bar, `?…` or empty. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => window.location.search);
}

/** `replace`: what stood in the address bar is no step to go back to. */
export function navigate(address: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, "", address);
  else window.history.pushState(null, "", address);
  window.dispatchEvent(new Event(navigated));
}

/** Changes parameters of the query in place; `null` takes one out. */
export function setSearch(changes: Readonly<Record<string, string | null>>, options?: { readonly replace?: boolean }): void {
  const search = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) search.delete(name);
    else search.set(name, value);
  }
  const query = search.toString();
  const address = window.location.pathname + (query === "" ? "" : `?${query}`);
  if (address !== window.location.pathname + window.location.search) navigate(address, options);
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
}

/** An anchor that changes the page in place; with a modifier key it does what the browser does. */
export function Link({ href, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!plain || event.defaultPrevented) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
