"""What makes the object that an address of the API is about, by its name there."""

from typing import Any
from uuid import uuid4

from tests.conftest import join, make_user
from tests.isolation import test_matrix as pages


def sample_user(cast: Any, home: str) -> Any:
    """Somebody who belongs to an organization, and to no team of it."""
    newcomer = make_user(f"sample-{uuid4().hex[:8]}")
    join(getattr(cast, home), newcomer, "member")
    return newcomer.pk


SAMPLES: dict[str, Any] = {
    "task_id": pages.sample_task,
    "comment_id": pages.sample_comment,
    "label_id": pages.sample_label,
    "member_id": pages.sample_member,
    "team_id": pages.sample_team,
    "invitation_id": pages.sample_invitation,
    "image_id": pages.sample_image,
    "entry_id": pages.sample_entry,
    "change_set_id": pages.sample_change,
    "user_id": sample_user,
}
