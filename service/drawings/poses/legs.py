from __future__ import annotations

from service.drawings.drawing import Drawing

LEGS: dict[str, Drawing] = {}
