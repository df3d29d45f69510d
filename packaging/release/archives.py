"""Archives of which the same files give the same bytes, whoever packs them, where and when."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import zopfli


def pack(folder: Path, target: Path, seconds: int) -> None:
    """Makes a .tar.gz of a folder, by the folder's name; its files are of that time."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in [folder, *sorted(folder.rglob("*"))]:
            _add(archive, path, path.relative_to(folder.parent).as_posix(), seconds)
    # Not Python's own gzip: what that writes depends on the zlib that this machine has.
    packer = zopfli.ZopfliCompressor(zopfli.ZOPFLI_FORMAT_GZIP, iterations=1)
    target.write_bytes(packer.compress(data.getvalue()) + packer.flush())


def _add(archive: tarfile.TarFile, path: Path, name: str, seconds: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.mtime = seconds
    if path.is_dir():
        entry.type, entry.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(entry)
        return
    content = path.read_bytes()
    entry.size, entry.mode = len(content), 0o755 if path.stat().st_mode & 0o100 else 0o644
    archive.addfile(entry, io.BytesIO(content))
