"""What the product says of itself."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
(VERSION,) = re.findall(r'COUNTERSIGN_VERSION "(.*)"', (ROOT / "runtime/version.h").read_text())
