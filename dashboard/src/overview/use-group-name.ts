import { useCallback, useMemo } from "react";
import { useApi } from "../api/queries.ts";
import { useProject } from "../shell/project-context.ts";
import type { Dimension } from "./figures.ts";

/** What a group is called: keys by their names, what is empty in words. */
export function useGroupName(dimension: Dimension | null): (value: string) => string {
  const { projectId } = useProject();
  const isKey = dimension === "keyId";
  const { data } = useApi("listKeys", isKey ? { params: { projectId }, query: { limit: 200 } } : null);
  const names = useMemo(() => new Map<string, string>(data?.keys.map(({ keyId, name }) => [keyId, name])), [data]);
  return useCallback(
    (value: string) => {
      if (value === "") return dimension === "errorCode" ? "no error" : "none";
      return isKey ? (names.get(value) ?? value) : value;
    },
    [dimension, isKey, names],
  );
}
