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
export const BookmarkIcon = () => (
  <Icon>
    <path d="M4.500 2.500h7v11L8 10.800l-3.500 2.700z" />
  </Icon>
);
export const LinkIcon = () => (
  <Icon>
    <path d="M6.800 9.200 9.200 6.800M7.300 4.700 8.600 3.400a2.800 2.800 0 0 1 4 4l-1.300 1.300M8.700 11.300l-1.300 1.300a2.800 2.800 0 0 1-4-4l1.300-1.300" />
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
  sessions: <path d="M2.5 3.5h8v5.5h-4l-2.5 2v-2H2.5zM12.5 6h1v5.5h-1.5v1.6l-2-1.6h-2" />,
  session: <path d="M2.5 3.5h8v5.5h-4l-2.5 2v-2H2.5z" />,
  users: (
    <path d="M6 7.5a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8ZM1.8 13c.3-2.3 2-3.6 4.2-3.6s3.9 1.3 4.2 3.6M10.8 3.2a2.2 2.2 0 0 1 0 4.1M12 9.7c1.3.5 2 1.600 2.2 3.300" />
  ),
  user: (
    <path d="M8 7.500a2.400 2.400 0 1 0 0-4.800 2.400 2.400 0 0 0 0 4.800ZM3.800 13c.3-2.300 2-3.600 4.200-3.600s3.900 1.300 4.200 3.600" />
  ),
  models: <path d="M8 2.2 13 5v6l-5 2.800L3 11V5zM3.200 5.100 8 7.900l4.800-2.800M8 7.900v5.700" />,
  start: <path d="M5 3.200v9.600L12.500 8z" />,
  playground: (
    <path d="M6.200 2.500h3.600M7 2.500v4L3.200 12.300c-.4.700 0 1.200.700 1.200h8.200c.7 0 1.100-.5.700-1.200L9 6.500v-4M5.200 9.800h5.600" />
  ),
  keys: <path d="M10.300 8.700a3.200 3.200 0 1 0-3-2.400L2.500 11v2.500H5V12h1.500v-1.500H8z" />,
  budgets: (
    <path d="M8 2.500v11M11 4.800C10.300 4 9.300 3.700 8 3.700c-1.800 0-3 .8-3 2.100 0 3 6.200 1.300 6.200 4.400 0 1.400-1.300 2.200-3.200 2.200-1.500 0-2.700-.5-3.400-1.400" />
  ),
  rateLimits: <path d="M2.500 11a5.500 5.500 0 1 1 11 0M8 11l2.600-3.400M2.500 13h11" />,
  providers: <path d="M4.500 12.500a3 3 0 0 1-.3-6 4 4 0 0 1 7.600-.3 3.200 3.200 0 0 1-.3 6.300z" />,
  projects: <path d="M2.500 4.500v8h11v-6.500h-5.500L6.500 4z" />,
  policy: <path d="M8 2.200 13 4v3.700c0 3-2 5-5 6.100-3-1.100-5-3.100-5-6.100V4zM5.800 8l1.600 1.600 2.900-3.100" />,
  ingestion: <path d="M8 2.500v6.500m0 0L5.200 6.200M8 9l2.800-2.800M2.500 9.500v3.500h11V9.500" />,
  deadLetters: <path d="M2.500 4h11v8.500h-11zM2.800 4.400 8 8.500l5.200-4.100" />,
  design: <path d="M3 13 8 3l5 10M5 9.5h6" />,
};

export function PageIcon({ page }: { readonly page: PageName }) {
  return <Icon>{pageIcons[page]}</Icon>;
}
