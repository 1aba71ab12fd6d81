import { useEffect, useState, type ReactNode } from "react";
import { pageTable, type PageName } from "../page-table.ts";
import { usePath } from "../router.tsx";
import { RangePicker } from "../range/range-picker.tsx";
import { Breadcrumbs } from "./breadcrumbs.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { ShareButton } from "./share-button.tsx";
import { SideNavigation } from "./side-navigation.tsx";
import { MenuIcon, SearchIcon } from "../ui/icons.tsx";
import "./shell.css";

interface ShellProps {
  readonly page: PageName;
  readonly id: string;
  readonly onSignOut: () => void;
  readonly children: ReactNode;
}

/** What stands round every page: navigation, breadcrumbs, time range, and the palette of commands. */
export function Shell({ page, id, onSignOut, children }: ShellProps) {
  const path = usePath();
  // Open over one page; going to another closes it.
  const [openOver, setOpenOver] = useState<string | null>(null);
  const navigationOpen = openOver === path;
  const [paletteOpen, setPaletteOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setPaletteOpen(true);
      }
      if (event.key === "Escape") setOpenOver(null);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <SideNavigation page={page} open={navigationOpen} onClose={() => setOpenOver(null)} onSignOut={onSignOut} />
      <div className="shell-body">
        <header className="shell-bar">
          <button
            type="button"
            className="icon-button shell-menu"
            aria-label="Open navigation"
            aria-expanded={navigationOpen}
            onClick={() => setOpenOver(path)}
          >
            <MenuIcon />
          </button>
          <Breadcrumbs page={page} id={id} />
          <div className="shell-tools">
            <ShareButton />
            <button type="button" className="palette-button" onClick={() => setPaletteOpen(true)}>
              <SearchIcon />
              <span>Go to …</span>
              <kbd>⌘K</kbd>
            </button>
            {pageTable[page].hasRange && <RangePicker />}
          </div>
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      {paletteOpen && <CommandPalette onClose={() => setPaletteOpen(false)} />}
    </div>
  );
}
