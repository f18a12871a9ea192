// The constants that fairapp/gates/scanner_views.py writes before static/scanner/worker.js.

declare const FAIR: string;
declare const VERSION: string;
/** the app's page by language */
declare const SHELLS: Record<string, string>;
declare const FILES: string[];
