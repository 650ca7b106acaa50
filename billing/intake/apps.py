"""What Stripe tells: its events, and what is made of them."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Events as they came, applied by reading again what they are about."""

    name = "billing.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from billing import reminding
        from billing.intake.kinds import AFTERWARDS

        AFTERWARDS.update(
            {
                "customer.subscription.trial_will_end": reminding.remind_of_trial,
                "customer.subscription.deleted": reminding.tell_of_ended_trial,
            }
        )
