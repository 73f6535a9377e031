"""Small files in the formats that news comes in, made in code."""

import gzip
import io
import tarfile
import zipfile
from email.message import EmailMessage
from pathlib import Path

FIRST = "BEIJING – Alibaba said it would invest $15 billion in research, opening labs in seven cities of the world."
SECOND = "Jack Ma told reporters in Hangzhou that the company would hire one hundred researchers from everywhere."
BODY = f"{FIRST}\n\n{SECOND}"


def page(title: str = "Alibaba opens labs", body: str = "") -> str:
    """A web page of news."""
    inner = body or f"<p>{FIRST}</p><p>{SECOND}</p>"
    return f"""<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body><nav><a href="/">Home</a></nav>
    <article><h1>{title}</h1>{inner}</article><footer>Copyright</footer></body></html>"""


def warc(*responses: tuple[str, str, bytes], cut: int = 0) -> bytes:
    """A compressed web archive of (address, "200 OK" with headers, body); the last `cut` bytes are missing."""
    members = [_warc_record("warcinfo", "", "application/warc-fields", b"software: test\r\n")]
    for address, status, body in responses:
        answer = "HTTP/1.1 " + status.replace("\n", "\r\n") + "\r\n\r\n"
        kind = "application/http; msgtype=response"
        members.append(_warc_record("response", address, kind, answer.encode() + body))
    raw = b"".join(map(gzip.compress, members))
    return raw[: len(raw) - cut]


def _warc_record(kind: str, address: str, content_type: str, block: bytes) -> bytes:
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000000>",
        "WARC-Date": "2017-10-12T01:00:00Z",
        "WARC-Target-URI": address,
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def pdf(*pages: list[str], info: str = "") -> bytes:
    """A PDF (ISO 32000) with these lines on its pages; text in Latin-1."""
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    font = 3 + 2 * len(pages)
    for number, lines in enumerate(pages):
        shown = " T* ".join("({}) Tj".format(line.replace("(", r"\(").replace(")", r"\)")) for line in lines)
        stream = f"BT /F1 10 Tf 12 TL 50 780 Td {shown} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * number} 0 R"
            f" /Resources << /Font << /F1 {font} 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    objects.append(f"<< {info} >>")
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1"))
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\n".encode())
    out.write(f"startxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CORE = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
)


def docx(body: str, core: str = "", before: str = "") -> bytes:
    """A Word document of this body and these core properties, in XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"{before}<w:document {_WORD}><w:body>{body}</w:body></w:document>")
        if core:
            package.writestr("docProps/core.xml", f"<cp:coreProperties {_CORE}>{core}</cp:coreProperties>")
    return out.getvalue()


def words(*runs: str) -> str:
    """A paragraph of a Word document."""
    return "<w:p><w:pPr/>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def mail(plain: str = "", html: str = "", attached: str = "") -> bytes:
    """A letter with these parts."""
    letter = EmailMessage()
    letter["From"] = "Agence Étoile <news@etoile.example.org>"
    letter["To"] = "desk@example.org"
    letter["Subject"] = "Alibaba ouvre sept laboratoires à l’étranger"
    letter["Date"] = "Wed, 11 Oct 2017 23:30:00 -0500"
    letter["Message-ID"] = "<1@etoile.example.org>"
    if plain:
        letter.set_content(plain)
    if html and plain:
        letter.add_alternative(html, subtype="html")
    elif html:
        letter.set_content(html, subtype="html")
    if attached:
        letter.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=attached)
    return letter.as_bytes()


def zipped(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    """An archive of files by their names."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)
    return path


def tarred(files: dict[str, bytes], link: str = "", cut: int = 0) -> bytes:
    """A compressed TAR archive of files by their names, and a link; the last `cut` bytes are missing."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        if link:
            info = tarfile.TarInfo(link)
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info)
    raw = out.getvalue()
    return raw[: len(raw) - cut]
