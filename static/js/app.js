// Every page's behaviours; collectstatic puts the files in the place of these lines.
import "/static/js/theme.js";
import "/static/js/menu.js";
import "/static/js/change.js";
import "/static/js/preview.js";
import "/static/js/dialog.js";
import "/static/js/toast.js";
import "/static/js/form.js";
import "/static/js/banner.js";
import "/static/js/hotkeys.js";
import "/static/js/rows.js";
import "/static/js/unread.js";
import "/static/js/copy.js";
import "/static/js/local-time.js";
import "/static/js/unsaved-guard.js";
import "/static/js/mentions.js";
import "/static/js/drawer.js";
import "/static/js/drawer-parts.js";
