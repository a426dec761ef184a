import json
import multiprocessing
from pathlib import Path

import pytest

from core.crypto.keyfile import KeyfileError, load_keyring, rotation_finished, with_new_key


def test_missing_file_is_made_with_mode_0600_and_read_back_equal(tmp_path):
    path = tmp_path / "keys.json"
    made = load_keyring(path)
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert load_keyring(path) == made
    assert set(made.active) == {"aes256gcm", "sm4gcm"}
    assert [p.name for p in tmp_path.iterdir()] == ["keys.json"]


def test_two_installations_have_different_key_ids(tmp_path):
    one, two = load_keyring(tmp_path / "a"), load_keyring(tmp_path / "b")
    assert not set(one.data_keys) & set(two.data_keys)


def test_keys_are_not_in_the_repr(tmp_path):
    ring = load_keyring(tmp_path / "keys.json")
    content = json.loads(ring.path.read_text())
    shown = repr(ring) + repr(list(ring.data_keys.values()))
    assert str(ring.audit_key) not in shown
    assert all(str(key.secret) not in shown for key in ring.data_keys.values())
    assert all(entry["key"] not in shown for entry in content["data_keys"].values())


def _start(path: Path, barrier, results) -> None:
    barrier.wait()
    results.put(load_keyring(path).index_key)


def test_processes_that_start_together_share_one_file(tmp_path):
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(6), context.Queue()
    starts = [
        context.Process(target=_start, args=(tmp_path / "keys.json", barrier, results)) for _ in range(6)
    ]
    for process in starts:
        process.start()
    seen = {results.get(timeout=20) for _ in starts}
    for process in starts:
        process.join()
    assert seen == {load_keyring(tmp_path / "keys.json").index_key}
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:100],
        lambda text: "[]",
        lambda text: text.replace('"version": 1', '"version": 9'),
        lambda text: text.replace("aes256gcm", "rot13"),
        lambda text: text.replace('"audit_key"', '"audit"'),
        lambda text: text.replace("=", "", 1),
    ],
)
def test_damaged_file_is_refused_in_chinese_without_key_material(tmp_path, damage):
    path = tmp_path / "keys.json"
    load_keyring(path)
    whole = path.read_text()
    path.write_text(damage(whole))
    with pytest.raises(KeyfileError, match="已损坏.*从备份恢复") as refused:
        load_keyring(path)
    assert json.loads(whole)["audit_key"] not in str(refused.value)
    assert refused.value.__suppress_context__


def test_file_open_to_others_is_refused(tmp_path):
    path = tmp_path / "keys.json"
    load_keyring(path)
    path.chmod(0o644)
    with pytest.raises(KeyfileError, match="chmod 600"):
        load_keyring(path)


def test_folder_in_place_of_the_file_and_missing_folder_are_refused(tmp_path):
    (tmp_path / "keys.json").mkdir(mode=0o700)
    with pytest.raises(KeyfileError, match="无法读取密钥文件"):
        load_keyring(tmp_path / "keys.json")
    with pytest.raises(KeyfileError, match="目录不存在"):
        load_keyring(tmp_path / "nowhere" / "keys.json")


def test_new_key_becomes_active_and_the_old_one_stays(tmp_path):
    old = load_keyring(tmp_path / "keys.json")
    ring = with_new_key(old, "sm4gcm")
    assert ring.active["sm4gcm"] == ring.rotating_to != old.active["sm4gcm"]
    assert set(ring.data_keys) > set(old.data_keys)
    assert ring.active["aes256gcm"] == old.active["aes256gcm"]
    assert rotation_finished(ring).rotating_to == ""
    assert load_keyring(ring.path).active == ring.active
    assert oct(ring.path.stat().st_mode & 0o777) == "0o600"


def test_unknown_cipher_is_named(tmp_path):
    with pytest.raises(KeyfileError, match="CADRE_CIPHER 可填 aes256gcm、sm4gcm"):
        load_keyring(tmp_path / "keys.json").active_key("des")
