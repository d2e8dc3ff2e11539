"""Every movement as data, by the code of its advice."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.drawings.drawing import Drawing
from service.drawings.poses.form import FORM
from service.drawings.poses.legs import LEGS
from service.drawings.poses.mobility import MOBILITY
from service.drawings.poses.strength import STRENGTH

DRAWINGS: Mapping[str, Drawing] = MappingProxyType({**MOBILITY, **STRENGTH, **LEGS, **FORM})
