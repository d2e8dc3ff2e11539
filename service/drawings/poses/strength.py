from __future__ import annotations

from service.drawings.drawing import Drawing

STRENGTH: dict[str, Drawing] = {}
