"""The admin's lists as all apps build them, and the mails that staff may read."""
