export function DesignPage() {
  return <div className="page" />;
}
