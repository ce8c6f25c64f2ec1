import pytest

from accounts.adapter import AccountAdapter
from core.outbox import Mail

pytestmark = pytest.mark.django_db


def test_no_mail_of_passwords_or_sign_up_can_leave() -> None:
    with pytest.raises(ValueError, match="no mail of the portal"):
        AccountAdapter().send_mail("account/email/password_reset_key", "camille@exemple.fr", {})

    assert not Mail.objects.exists()


def test_codes_are_eight_digits_that_differ() -> None:
    codes = {AccountAdapter().generate_login_code() for _ in range(100)}

    assert {len(code) for code in codes} == {8}
    assert all(code.isdecimal() for code in codes)
    assert len(codes) > 95
