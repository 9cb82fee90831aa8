# SPDX-License-Identifier: MIT
"""The folder in which networks of the zoo are kept, and what is done with them there."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..errors import FileError, ModelError
from ..outputs import whole_or_nothing
from .metadata import appended
from .table import NETWORKS, VERSION_MARK, Network

if TYPE_CHECKING:
    from .download import Patience, Progress

FOLDER_VARIABLE = "SMARTCROP_MODELS"
_TAIL = 4096  # bytes of a file's end that hold the whole description

_log = logging.getLogger("smartcrop")


def default_folder() -> Path:
    """Name the folder of the user's networks, which need not be there yet.

    Raises
    ------
    FileError
        Where the user has no home folder.
    """
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named).absolute()
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not caches.is_absolute():  # the standard says to ignore such a one
        caches = Path(os.path.expanduser("~/.cache"))  # noqa: PTH111 (Path raises where no home is)
    if not caches.is_absolute():
        raise FileError(f"there is no home folder to keep networks in; set {FOLDER_VARIABLE}")
    return caches / "smartcrop" / "models"


class Zoo:
    """Networks of others, and the folder that holds those that were fetched.

    Parameters
    ----------
    networks : sequence of Network
        Those that there are.
    folder : path, optional
        Where they are kept; by default where the environment says.
    schemes : tuple of str
        What an address may begin with.
    patience : Patience, optional
        How long to bear with a bad line.
    """

    def __init__(
        self,
        networks: Sequence[Network] = NETWORKS,
        folder: Path | None = None,
        *,
        schemes: tuple[str, ...] = ("https",),
        patience: Patience | None = None,
    ) -> None:
        self.networks = networks
        self.folder = folder or default_folder()
        self._schemes = schemes
        self._patience = patience

    def network(self, name: str) -> Network:
        """Find a network.

        Raises
        ------
        ModelError
            With the nearest name, where there is none of this one.
        """
        for each in self.networks:
            if each.name == name:
                return each
        near = nearest(name, self.networks)
        meant = f"did you mean {near}?" if near else "smartcrop models list shows which there are"
        raise ModelError(f"there is no network {name} in the zoo; {meant}")

    def file_of(self, name: str) -> Path:
        """Say where the file of a network is, or would be."""
        return self.folder / f"{name}.onnx"

    def path(self, name: str) -> Path:
        """Give the file of a network that was fetched, after a look at its digest.

        Raises
        ------
        ModelError
            Where it was not fetched, or is damaged.
        """
        network = self._fetchable(name)
        path = self.file_of(name)
        if is_whole(network, path):
            return path
        there = os.path.exists(path)  # noqa: PTH110 (Path raises in a folder that cannot be read)
        state = "damaged, or of another version" if there else "not fetched"
        raise ModelError(f"{name} is {state}; run: smartcrop models get {name}")

    def fetched(self, network: Network) -> Path | None:
        """Give the file of a network, or None where it is not here or not whole."""
        path = self.file_of(network.name)
        return path if not network.refusal and is_whole(network, path) else None

    def get(self, name: str, progress: Progress | None = None) -> Path:
        """Fetch a network, unless it is here, and give its file.

        It appears in the folder only when it is whole and described. What has come of a fetch that
        broke off is kept, and the next one goes on from there. Where another process is fetching
        the same network, it is waited for.

        Raises
        ------
        ModelError
            Where it cannot be fetched.
        FileError
            Where the folder cannot be written.
        """
        network = self._fetchable(name)
        path = self.file_of(name)
        if is_whole(network, path):
            return path
        self._refuse_a_stranger(path)
        with self._part(network) as part:
            if not is_whole(network, path):  # else another process was faster
                content = self._fetch(network, part, progress)
                with whole_or_nothing(path) as written:
                    Path(written).write_bytes(content + appended(network.properties))
            self._part_path(network).unlink(missing_ok=True)
        return path

    def remove(self, name: str) -> None:
        """Remove the file of a network, and what an unfinished fetch left.

        Raises
        ------
        ModelError
            Where there is nothing of it.
        FileError
            Where it cannot be removed, or is a file that did not come from the zoo.
        """
        network = self._fetchable(name)
        self._refuse_a_stranger(self.file_of(name))
        removed = [_unlinked(each) for each in (self.file_of(name), self._part_path(network))]
        if not any(removed):
            raise ModelError(f"{name} is not fetched")

    def _fetchable(self, name: str) -> Network:
        network = self.network(name)
        if network.refusal:
            raise ModelError(f"{name} cannot be fetched: {network.refusal}")
        return network

    def _part_path(self, network: Network) -> Path:
        # With the digest, so that the start of one file is never taken for that of another.
        return self.folder / f".{network.name}-{network.sha256[:12]}.part"

    def _fetch(self, network: Network, part: BinaryIO, progress: Progress | None) -> bytes:
        # It takes a tenth of a second to import, and most runs fetch nothing.
        from .download import DownloadError, Patience, Wanted, fetch

        wanted = Wanted(network.address, network.size, network.sha256)
        patience = self._patience or Patience()
        try:
            return fetch(wanted, part, progress, patience=patience, schemes=self._schemes)
        except DownloadError as error:
            text = f"{network.name} cannot be fetched from {network.address}: {error}"
            if error.offline or error.passing:
                path = self.file_of(network.name)
                text += f"; try later, or get it on another machine and copy it to {path}"
            raise ModelError(text) from error

    @contextmanager
    def _part(self, network: Network) -> Iterator[BinaryIO]:
        """Open what has come of a network so far; one process at a time has it."""
        path = self._part_path(network)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b") as part:
                _lock(part, network.name)
                try:
                    yield part
                finally:
                    if not part.seek(0, os.SEEK_END):
                        path.unlink(missing_ok=True)
        except (FileError, ModelError):  # say what is wrong, though one is an OSError too
            raise
        except OSError as error:
            problem = error.strerror or error
            text = f"{self.folder}: cannot be written: {problem}; "
            raise FileError(f"{text}set {FOLDER_VARIABLE} to another folder") from error

    def _refuse_a_stranger(self, path: Path) -> None:
        """Refuse to touch a file that somebody else put into the folder."""
        try:
            with path.open("rb") as file:
                file.seek(-min(_TAIL, path.stat().st_size), os.SEEK_END)
                known = VERSION_MARK.encode() in file.read()
        except (FileNotFoundError, NotADirectoryError):  # making the folder says so
            return
        except OSError as error:
            raise FileError(f"{path}: cannot be read: {error.strerror}") from error
        if not known:
            raise FileError(f"{path}: is no file of the zoo; move it, or set {FOLDER_VARIABLE}")


def nearest(name: str, networks: Sequence[Network] = NETWORKS) -> str | None:
    """Find the network that a misspelt name may mean."""
    from difflib import get_close_matches  # few need it

    names = [each.name for each in networks if not each.refusal]
    found = get_close_matches(name.lower().replace("_", "-"), names, n=1)
    return found[0] if found else None


def is_whole(network: Network, path: Path) -> bool:
    """Say whether a file is what fetching a network gives, by its digest."""
    try:
        status = path.stat()
        return _is_whole(network, path, status.st_size, status.st_mtime_ns, status.st_ino)
    except OSError:
        return False


@lru_cache(maxsize=64)  # a run asks several times, and the answer takes a reading of the file
def _is_whole(network: Network, path: Path, size: int, *_: int) -> bool:
    description = appended(network.properties)
    if size != network.size + len(description):
        return False
    content = path.read_bytes()
    same = content[network.size :] == description
    return same and hashlib.sha256(content[: network.size]).hexdigest() == network.sha256


def _unlinked(path: Path) -> bool:
    """Remove a file, and say whether there was one."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise FileError(f"{path}: cannot be removed: {error.strerror}") from error
    return True


def _lock(file: BinaryIO, name: str) -> None:
    with suppress(OSError):  # some file systems have no locks; then the digest finds a mixture
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _log.info("%s is being fetched by another process", name)
            fcntl.flock(file, fcntl.LOCK_EX)
