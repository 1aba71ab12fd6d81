import { LinkIcon } from "../ui/icons.tsx";
import { useToast } from "../ui/toast.tsx";

/** Copies the address of what is seen: filter, range and order stand in it, the key does not. */
export function ShareButton() {
  const say = useToast();
  const share = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      say("ok", "The link is copied. It shows the same to who has a key of the project.");
    } catch {
      say("error", "The browser does not let the link be copied: take it from the address bar.");
    }
  };
  return (
    <button
      type="button"
      className="icon-button share-button"
      aria-label="Copy a link to this page"
      title="Copy a link to this page"
      onClick={() => void share()}
    >
      <LinkIcon />
    </button>
  );
}
