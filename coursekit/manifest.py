"""Lists what data/ ships, with lengths and checksums: `python -m coursekit.manifest`.

The doctor and the tests compare the files with this list; whoever changes one lists them anew.
"""
import hashlib
import json
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
LISTED = (".safetensors", ".json", ".npz", ".csv", ".bpe")
FILE = "manifest.json"


def manifest(data=DATA):
    """{path below `data`: {"sha256": …, "bytes": …}} of the weights, results and tables there.

    >>> sorted(manifest()["weights/lenet.safetensors"])
    ['bytes', 'sha256']
    """
    paths = sorted(path for path in data.rglob("*") if path.suffix in LISTED)
    return {
        path.relative_to(data).as_posix(): {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in paths
        if path.name != FILE
    }


def main(data=DATA):
    """Write the list; prints what has changed since the last one."""
    target, listed = data / FILE, manifest(data)
    before = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    target.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8", newline="\n")
    for name in sorted(before.keys() | listed.keys()):
        if name not in listed:
            print(f"- {name} is not there any more")
        elif before.get(name) != listed[name]:
            print(f"{'~' if name in before else '+'} {name}, {listed[name]['bytes']:,} bytes")
    print(f"{target}: {len(listed)} files")


if __name__ == "__main__":
    main()
