import socket

import pytest

from config.embedded import checks
from config.embedded.checks import Refusal, read_wishes


def test_a_port_in_use_is_named_with_the_way_to_choose_another():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refusal, match=rf"Port {port} .*in use.*make run PORT={port + 1}"):
            checks.port_is_free("127.0.0.1", port)
    checks.port_is_free("127.0.0.1", port)


def test_a_host_that_is_not_ours_is_not_called_a_port_in_use():
    with pytest.raises(Refusal, match=r"HOST=192\.0\.2\.1 is not an address of this machine"):
        checks.port_is_free("192.0.2.1", 8000)


def test_a_disk_without_room_is_refused_with_both_figures(tmp_path):
    with pytest.raises(Refusal, match=r"MB free and Greenlane needs 99,999,999,999 MB"):
        checks.disk_has_room(tmp_path, first_run=True, needed_mb=99_999_999_999)
    checks.disk_has_room(tmp_path, first_run=True, needed_mb=1)


@pytest.mark.parametrize(("name", "given"), [("PORT", "eighty"), ("PORT", "70000"), ("ACCOUNTS", "0"), ("ACCOUNTS", "-5")])
def test_a_number_that_is_none_is_refused_by_name(name, given):
    with pytest.raises(Refusal, match=f"{name}={given} is not a whole number"):
        read_wishes({name: given})


def test_a_database_of_yours_is_not_filled_with_synthetic_customers_unless_you_say_so():
    assert read_wishes({}).demo
    assert not read_wishes({"DATABASE_URL": "postgresql://db/real"}).demo
    assert read_wishes({"DATABASE_URL": "postgresql://db/try", "DEMO": "1"}).demo
    assert not read_wishes({"DEMO": "0"}).demo


def test_a_server_of_yours_that_does_not_answer_is_named_before_anything_starts():
    with pytest.raises(Refusal, match=r"(?s)DATABASE_URL does not let us in: .*refused.*leave it out") as refusal:
        checks.database_answers("postgresql://someone:secret@127.0.0.1:1/x")
    assert "secret" not in str(refusal.value)
    with pytest.raises(Refusal, match=r"REDIS_URL does not let us in"):
        checks.redis_answers("redis://127.0.0.1:1/0")
