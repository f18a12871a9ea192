// What browsers have and TypeScript's own descriptions leave out.

interface Window {
  /** set by static/vendor/echarts/echarts.min.js */
  echarts?: typeof import("echarts");
}

interface MediaTrackCapabilities {
  torch?: boolean;
}

interface MediaTrackConstraintSet {
  torch?: boolean;
}

interface Navigator {
  getBattery?(): Promise<{ level: number }>;
}
