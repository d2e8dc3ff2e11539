from __future__ import annotations

from service.drawings.drawing import Drawing

FORM: dict[str, Drawing] = {}
