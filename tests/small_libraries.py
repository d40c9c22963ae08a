"""Small libraries in the place of the shipped one."""

from mfa.files import library


def put_library(folder, files, scenario, monkeypatch):
    """Let a folder hold the library and a scenario `park.yaml`, work there, and return it."""
    for name, text in files.items():
        path = folder / "models" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(library, "data_root", lambda: folder)
    monkeypatch.setenv("MFA_CACHE", str(folder / "cache"))
    monkeypatch.chdir(folder)
    (folder / "park.yaml").write_text(scenario, encoding="utf-8")
    return folder
