// Units chosen by size and language, the browser's half of crm/display/rules.py.
export const chinese = () => document.documentElement.lang.toLowerCase().startsWith("zh");

const STEPS = {
  kWh: { en: [[1e6, "GWh"], [1e3, "MWh"], [1, "kWh"]], zh: [[1e8, "亿kWh"], [1e4, "万kWh"], [1, "kWh"]] },
  yuan: { en: [[1e9, "¥ B"], [1e6, "¥ M"], [1e4, "¥ k"], [1, "¥"]], zh: [[1e8, "亿元"], [1e4, "万元"], [1, "元"]] },
};

/** Divisor and label for axis figures up to `largest` of `unit`; `axis` and `exact` write a figure. */
export function scaleFor(unit, largest) {
  const steps = STEPS[unit]?.[chinese() ? "zh" : "en"];
  if (steps) {
    const [size, label] = steps.find(([from]) => Math.abs(largest) >= from) ?? steps.at(-1);
    const divisor = label === "¥ k" ? 1e3 : size;
    return { divisor, label, axis: (value) => plain(value / divisor), exact: (value) => `${plain(value / divisor, 2)} ${label}` };
  }
  if (unit === "ratio") {
    return { divisor: 0.01, label: "%", axis: (value) => `${plain(value * 100)} %`, exact: (value) => `${plain(value * 100, 1)} %` };
  }
  const label = unit === "count" ? "" : unit ?? "";
  return { divisor: 1, label, axis: (value) => plain(value), exact: (value) => `${plain(value, 2)}${label ? ` ${label}` : ""}` };
}

export function plain(value, decimals = 2) {
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) >= 100 ? Math.min(decimals, 1) : decimals });
}
