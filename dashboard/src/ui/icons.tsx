import type { ReactNode } from "react";
import type { PageName } from "../page-table.ts";

function Icon({ children, size = 16 }: { readonly children: ReactNode; readonly size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

export const MenuIcon = () => (
  <Icon>
    <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.2" />
    <path d="m10.2 10.2 3.3 3.3" />
  </Icon>
);
export const ChevronsIcon = () => (
  <Icon>
    <path d="m5.5 6 2.5-2.5L10.5 6M5.5 10 8 12.5l2.5-2.5" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon size={14}>
    <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
  </Icon>
);
export const ClockIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 5v3.2l2 1.3" />
  </Icon>
);
export const PlusIcon = () => (
  <Icon size={14}>
    <path d="M8 3.5v9M3.5 8h9" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M8 2.5v7m0 0L5.2 6.7M8 9.5l2.8-2.8M3 12.5h10" />
  </Icon>
);
export const ColumnsIcon = () => (
  <Icon>
    <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
    <path d="M6.2 3v10M9.8 3v10" />
  </Icon>
);

const pageIcons: Readonly<Record<PageName, ReactNode>> = {
  overview: <path d="M2.5 13.5h11M4 11V8M8 11V3.5M12 11V6" />,
  traces: <path d="M2.5 4h7M5 8h7M7.5 12h6" />,
  trace: <path d="M2.5 4h7M5 8h7M7.5 12h6" />,
  design: <path d="M3 13 8 3l5 10M5 9.5h6" />,
};

export function PageIcon({ page }: { readonly page: PageName }) {
  return <Icon>{pageIcons[page]}</Icon>;
}
