"""A fax as the other machine prints it: black and white, 204 dots an inch across and 196 down (ITU-T T.4, fine)."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings

from letters.paper.renderer import RenderingFailedError

OPTIONS = ("-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=pngmono", "-r204x196")


def as_received(pdf: bytes) -> list[bytes]:
    """Return the pages of a fax as PNG pictures, one bit a dot. What is pale in the PDF is gone in them.

    Raises:
        RenderingFailedError: Ghostscript is not installed or takes too long.
    """
    if not shutil.which("gs"):
        raise RenderingFailedError("Ghostscript is not installed.")
    with tempfile.TemporaryDirectory() as folder:
        command = ["gs", *OPTIONS, f"-sOutputFile={folder}/page-%03d.png", "-"]
        try:
            subprocess.run(command, input=pdf, check=True, capture_output=True, timeout=settings.PDF_SECONDS)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            raise RenderingFailedError("Ghostscript can't draw it.") from error
        return [page.read_bytes() for page in sorted(Path(folder).glob("page-*.png"))]
