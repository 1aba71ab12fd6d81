import { useCallback } from "react";
import { useGroupName } from "../overview/use-group-name.ts";

/** What a value of a field is called: keys by their names, all else as it is. */
export function useValueName(): (field: string, value: string) => string {
  const keyName = useGroupName("keyId");
  return useCallback((field: string, value: string) => (field === "keyId" ? keyName(value) : value), [keyName]);
}
