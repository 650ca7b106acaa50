// Every page's behaviours; collectstatic puts the files in the place of these lines.
import "./theme.js";
import "./menu.js";
import "./change.js";
import "./preview.js";
import "./dialog.js";
import "./toast.js";
import "./form.js";
import "./hotkeys.js";
import "./rows.js";
import "./copy.js";
import "./local-time.js";
import "./unsaved-guard.js";
