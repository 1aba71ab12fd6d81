/** A course in the height of a line of text, without axes; what is not known is left out. */
export function Sparkline({ values, color }: { readonly values: readonly (number | null)[]; readonly color: string }) {
  const width = 96;
  const height = 26;
  const known = values.flatMap((value, at) => (value === null ? [] : [[at, value] as const]));
  if (known.length < 2) return <span className="sparkline" />;
  const highest = Math.max(...known.map(([, value]) => value), 1e-12);
  const points = known.map(
    ([at, value]) => `${((at / (values.length - 1)) * width).toFixed(1)} ${(height - 2 - (value / highest) * (height - 4)).toFixed(1)}`,
  );
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={`M${points.join("L")}L${width} ${height}L0 ${height}Z`} fill={color} opacity="0.12" />
      <path
        d={`M${points.join("L")}`}
        fill="none"
        stroke={color}
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
      />
    </svg>
  );
}
