"""Makes the corpora of `corpus` anew; larger ones of the vector index come from
`cargo test --test fuzz -- --ignored`. Needs Pillow.

    python3 tests/fuzz/make_corpus.py
"""

import hashlib
import io
import json
import shutil
import struct
import tarfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
FIXTURES = HERE.parent / "fixtures"


def put(target, name, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pattern(mode, size):
    bands = len(Image.new(mode, (1, 1)).getbands())
    count = size[0] * size[1] * bands
    return Image.frombytes(mode, size, bytes((i * 37 + i // 7 * 11) % 256 for i in range(count)))


def videos():
    for name in ["h264.mp4", "h264-fragments.mp4", "hevc-ten.mov", "h264.mkv", "jpeg.mov"]:
        put("video", name, (FIXTURES / "videos" / name).read_bytes())


def jpegs():
    rgb, grey, cmyk = pattern("RGB", (33, 19)), pattern("L", (17, 9)), pattern("CMYK", (16, 9))
    put("jpeg", "420.jpg", saved(rgb, "JPEG", quality=60, subsampling=2))
    put("jpeg", "422.jpg", saved(rgb, "JPEG", quality=60, subsampling=1))
    put("jpeg", "444.jpg", saved(rgb, "JPEG", quality=20, subsampling=0))
    put("jpeg", "grey.jpg", saved(grey, "JPEG", quality=30))
    put("jpeg", "cmyk.jpg", saved(cmyk, "JPEG", quality=30))
    put("jpeg", "progressive.jpg", saved(rgb, "JPEG", quality=60, progressive=True))
    put("jpeg", "restarts.jpg", saved(rgb, "JPEG", quality=50, restart_marker_blocks=1))
    put("jpeg", "grey-progressive.jpg", saved(grey, "JPEG", quality=50, progressive=True))


def pictures():
    kinds = [("PNG", {}), ("WEBP", {"lossless": True}), ("GIF", {}), ("BMP", {}), ("TIFF", {}),
             ("ICO", {"sizes": [(16, 16)]}), ("TGA", {}), ("PPM", {}), ("JPEG", {})]
    for kind, options in kinds:
        mode = "RGB" if kind in ("JPEG", "PPM") else "RGBA"
        image = pattern(mode, (16, 16))
        if kind in ("GIF", "BMP"):
            image = image.convert("RGB")
        put("picture", f"16.{kind.lower()}", saved(image, kind, **options))
    put("picture", "palette.png", saved(pattern("P", (9, 5)), "PNG"))
    put("picture", "grey16.png", saved(pattern("L", (9, 5)).convert("I;16"), "PNG"))
    qoi = b"qoif" + struct.pack(">IIBB", 2, 2, 3, 0) + b"\xfe\x01\x02\x03\xfe\x04\x05\x06\xc1" + bytes(7) + b"\x01"
    put("picture", "2.qoi", qoi)
    for path in sorted((CORPUS / "picture").iterdir()):
        put("file_kind", path.name, path.read_bytes()[:64] + path.name.encode())
    put("file_kind", "heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    put("file_kind", "raw", b"II*\0\x10\0\0\0CR\x02\0IMG_1.CR2")


def golden():
    """Small files of many formats, by name."""
    whole = (FIXTURES / "formats" / "golden.safetensors").read_bytes()
    length, = struct.unpack("<Q", whole[:8])
    entries = json.loads(whole[8:8 + length])
    entries.pop("__metadata__", None)
    files = {name: entry["data_offsets"] for name, entry in entries.items() if not name.endswith(" pixels")}
    return {name: whole[8 + length + start:8 + length + end] for name, (start, end) in files.items()}


def containers():
    wanted = {
        "tiff": ["tiff deflate differences", "tiff deflate planes tiles", "tiff lzw differences extra", "tiff 2 bits",
                 "tiff fax group3 two", "tiff fax group4", "tiff fax runs", "tiff jpeg grey", "tiff webp strips",
                 "tiff zstd planes", "tiff 16 bits big-endian", "tiff palette lzw", "tiff bigtiff big-endian",
                 "tiff alpha", "tiff cmyk jpeg"],
        "heif": ["heic", "heic grey", "heic alpha", "heic turned 6", "avif", "avif grey"],
        "jxl": ["jxl", "jxl lossless", "jxl grey", "jxl alpha", "jxl turned 6"],
        "raw": ["raw nef", "raw cr3", "raw raf", "raw rw2", "raw arw", "raw dng", "raw hidden"],
    }
    files = golden()
    for target, names in wanted.items():
        for name in names:
            put(target, name.replace(" ", "-"), files[name])
    # A size whose area does not fit into 64 bits.
    sizes = files["avif grey"].index(b"ispe") + 8
    put("heif", "too-large", files["avif grey"][:sizes] + b"\xff" * 8 + files["avif grey"][sizes + 8:])
    head = lambda channels, depth, mode: b"8BPS" + struct.pack(">H6xHIIHH", 1, channels, 5, 7, depth, mode) + bytes(12)
    plane = bytes(range(35))
    put("psd", "rgb", head(3, 8, 3) + b"\0\0" + plane * 3)
    runs = b"".join(b"\x06" + plane[:7] for _ in range(15))
    put("psd", "rgb-runs", head(3, 8, 3) + b"\0\1" + struct.pack(">15H", *[8] * 15) + runs)
    put("psd", "grey-16", head(1, 16, 1) + b"\0\0" + plane * 2)


def beside():
    xmp = (CORPUS / "metadata" / "xmp").read_bytes()[1:]
    put("sidecar", "xmp", b"\0" + xmp)
    takeout = {"title": "IMG_1.jpg", "description": "Over the lake", "favorited": True,
               "photoTakenTime": {"timestamp": "1563121200"}, "people": [{"name": "Marie Curie"}],
               "geoData": {"latitude": 48.1, "longitude": 11.5, "altitude": 0.0}}
    put("sidecar", "takeout", b"\1" + json.dumps(takeout).encode())
    for number, name in enumerate(["IMG-20190714-WA0001.jpg", "Screenshot_2019-07-14-16-20-00.png", "IMG_1.jpg.xmp",
                                   "IMG_1.jpg.supplemental-meta.json", "PXL_20210102_030405678.jpg", "1563121200000.jpg"]):
        put("file_name", str(number), name.encode())
    for number, text in enumerate(["lisbon", "paris, texas", "48.86,2.35", "48.86\u00b0 N, 2.35\u00b0 W",
                                   "trams in Lisbon and boats near Porto", "photos aus M\u00fcnchen", "\u4e1c\u4eac"]):
        put("place", str(number), text.encode())


def exif():
    def entry(tag, kind, count, value):
        return struct.pack("<HHI", tag, kind, count) + value

    make, model, date = b"Canon\0", b"EOS 5D\0", b"2019:07:14 16:20:00\0"
    main = 8
    camera = main + 2 + 5 * 12 + 4
    place = camera + 2 + 3 * 12 + 4
    data = place + 2 + 4 * 12 + 4
    places = {}
    blob = b""
    for name, content in [("make", make), ("model", model), ("date", date),
                          ("time", struct.pack("<II", 1, 250)), ("f", struct.pack("<II", 56, 10)),
                          ("lat", struct.pack("<6I", 48, 1, 8, 1, 14, 1)),
                          ("lon", struct.pack("<6I", 11, 1, 34, 1, 31, 1))]:
        places[name] = struct.pack("<I", data + len(blob))
        blob += content
    first = (entry(0x10f, 2, 6, places["make"]) + entry(0x110, 2, 7, places["model"])
             + entry(0x112, 3, 1, struct.pack("<HH", 1, 0)) + entry(0x8769, 4, 1, struct.pack("<I", camera))
             + entry(0x8825, 4, 1, struct.pack("<I", place)))
    second = (entry(0x9003, 2, 20, places["date"]) + entry(0x829a, 5, 1, places["time"])
              + entry(0x829d, 5, 1, places["f"]))
    third = (entry(1, 2, 2, b"N\0\0\0") + entry(2, 5, 3, places["lat"])
             + entry(3, 2, 2, b"E\0\0\0") + entry(4, 5, 3, places["lon"]))
    directory = lambda count, entries: struct.pack("<H", count) + entries + bytes(4)
    return (b"II*\0\x08\0\0\0" + directory(5, first) + directory(3, second) + directory(4, third) + blob)


def metadata():
    xmp = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
           b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
           b'xmp:CreateDate="2019-07-14T16:20:00"><dc:subject><rdf:Bag><rdf:li>kite</rdf:li><rdf:li>lake &amp; sea'
           b'</rdf:li></rdf:Bag></dc:subject><dc:description><rdf:Alt><rdf:li xml:lang="x-default">Over the lake'
           b'</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>')
    fields = b"".join(b"\x1c\x02" + bytes([n]) + struct.pack(">H", len(t)) + t
                      for n, t in [(25, b"kite"), (25, b"lake"), (120, b"Over the lake"), (55, b"20190714")])
    iptc = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(fields)) + fields
    put("metadata", "exif", b"\0" + exif())
    put("metadata", "xmp", b"\x01" + xmp)
    put("metadata", "iptc", b"\x02" + iptc)
    put("metadata", "exif-and-iptc", b"\x06" + exif() + b"\xfe\0\xfe" + iptc)


def queries():
    texts = ["two dogs running on a beach", "beach sunset^0.5 -people", "like:3fa91c02 at night",
             'tag:family year:2019 -ext:png "birthday cake"', "near:48.86,2.35,10km size:>2mb",
             "date:2019-07 width:>=1920 orientation:portrait", "camera:\"eos 5d\" size:100kb..1mb"]
    for number, text in enumerate(texts):
        put("query", str(number), text.encode())
    bodies = [{"query": "dog", "pictures": [], "k": 5, "offset": 0}, {},
              {"query": "", "pictures": [{"id": "ab" * 32}, {"data": "/9j/4AAQ"}], "k": 1}]
    for number, body in enumerate(bodies):
        put("search_body", str(number), json.dumps(body).encode())
    for number, text in enumerate(["q=two+dogs&k=7&offset=3", "", "like=" + "ab" * 32 + "&q=caf%C3%A9"]):
        put("search_address", str(number), text.encode())
    ids = ["ab" * 32, "0c" * 32]
    put("download_body", "json", json.dumps({"photos": ids}).encode())
    put("download_body", "form", "&".join("photo=" + one for one in ids).encode())
    bodies = [{"text": "a kite", "num_images": 2, "num_result_ids": 4, "modality": "image", "indice_name": "photos"},
              {"image": "/9j/4AAQ", "deduplicate": True}, {"embedding_input": [0.5, -1e-3, 2]}, {"ids": [1, 2 ** 52]}]
    for number, body in enumerate(bodies):
        put("knn_body", str(number), json.dumps(body).encode())
    for name, part, value in [("text", "text", "a kite"), ("picture", "image", "\xff\xd8")]:
        kind = "textual" if part == "text" else "visual"
        entries = json.dumps({"clip": {kind: {"modelName": "x", "options": {"language": "en"}}}})
        parts = [("entries", entries), (part, value)]
        form = "".join(f'--fuzz\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in parts)
        put("predict_form", name, (form + "--fuzz--\r\n").encode("latin-1"))
    words = ["a photo of a cat", "Caf\u00e9 \u4f60\u597d \U0001f600", "<|endoftext|> [SEP] 1+1=2", "x" * 300]
    for family in range(6):
        put("text", str(family), bytes([family]) + words[family % 4].encode())


def tensors(header, data):
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + data


def checkpoints():
    head = {"weight": {"dtype": "F32", "shape": [1, 4], "data_offsets": [0, 16]},
            "bias": {"dtype": "F32", "shape": [1], "data_offsets": [16, 20]}}
    put("linear_head", "head", tensors(head, struct.pack("<5f", 1, 2, 3, 4, 5)))
    whole = (FIXTURES / "clip-tiny" / "model.safetensors").read_bytes()
    put("weights", "clip", whole[:8 + struct.unpack("<Q", whole[:8])[0]])
    config = (FIXTURES / "clip-tiny" / "config.json").read_bytes()
    put("config", "clip", b"\0" + config)
    config = (FIXTURES / "oc-siglip" / "open_clip_config.json").read_bytes()
    put("config", "open_clip", b"\x01" + config)
    for family, name in [(1, "metaclip2-tiny"), (2, "oc-clipa"), (3, "oc-nllb"), (4, "oc-worldwide")]:
        put("tokenizer_file", name, bytes([family]) + (FIXTURES / name / "tokenizer.json").read_bytes())


def varint(number):
    out = b""
    while number > 0x7f:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def blob(content):
    return varint(len(content)) + content


def catalog():
    zigzag = lambda n: varint(n * 2 if n >= 0 else -n * 2 - 1)
    some = lambda content: b"\1" + content
    double = lambda n: struct.pack("<d", n)
    file = blob(b"/photos/a.jpg") + blob(b"/photos") + varint(300) + zigzag(1563114000000000000)
    photo = (varint(3) + varint(300) + zigzag(1781250000) + varint(40) + varint(30) + blob(b"jpeg")
             + some(zigzag(1563121200)) + some(blob(b"Canon")) + some(blob(b"EOS 5D")) + some(blob(b"50mm"))
             + some(double(0.004)) + some(double(5.6)) + some(varint(100)) + some(double(50))
             + some(double(48.1) + double(11.5)) + varint(1) + blob(b"kite") + some(blob(b"Over the lake"))
             + varint(1) + file)
    put("catalog_value", "photo-1", b"\0\1" + photo)
    put("catalog_value", "photo-2", b"\0\2" + photo + varint(1) + blob(b"laptop, laptop computer"))
    put("catalog_value", "file", b"\1\1" + bytes(range(32)) + blob(b"/photos") + varint(300) + zigzag(-4))
    put("catalog_value", "failure", b"\2\1" + blob(b"/photos") + varint(3) + zigzag(4) + b"\2" + blob(b"cut") + zigzag(5))
    put("catalog_value", "embedding", b"\3\1" + varint(300) + blob(bytes([0, 0, 0, 0x3c])))


def packs():
    def entry(archive, name, content):
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))

    files = {"config.json": b'{"model_type":"clip"}', "text/vocab.txt": b"[UNK]\ncat\n"}
    for name, origin in [("plain", None), ("hub", {"hub": "a/b", "revision": "main", "commit": "c0ffee"})]:
        listed = [{"name": n, "bytes": len(c), "sha256": hashlib.sha256(c).hexdigest()} for n, c in files.items()]
        manifest = {"seer_pack": 1, "name": "a/b" if origin else "tiny", "origin": origin, "files": listed}
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            entry(archive, "seer-pack.json", json.dumps(manifest).encode())
            for file, content in files.items():
                entry(archive, file, content)
        put("pack", name, out.getvalue().rstrip(b"\0") + bytes(1024))


def snapshot():
    vectors = b"".join(struct.pack("<8f", *(float(i == row) for i in range(8))) for row in range(3))
    files = [("vectors.1.f32", vectors), ("rows.1.u32", struct.pack("<3I", 0, 4, 7))]
    manifest = {"format": 3, "generation": 1, "model": "07" * 16, "dim": 8, "watermark": 9,
                "method": "exact", "count": 3, "slots": 3, "lists": None,
                "files": [{"name": name, "bytes": len(content)} for name, content in files], "sums": ""}
    parts = b"".join(struct.pack("<I", len(content)) + content for _, content in files)
    put("snapshot", "small", json.dumps(manifest, separators=(",", ":")).encode() + b"\n" + parts)


for target in CORPUS.iterdir() if CORPUS.exists() else []:
    if target.name != "snapshot":
        shutil.rmtree(target)
jpegs()
videos()
pictures()
metadata()
containers()
beside()
queries()
checkpoints()
catalog()
packs()
snapshot()
