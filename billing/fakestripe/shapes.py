"""What new objects say before anything is known of them."""

from typing import Final

from billing.fakestripe.store import Thing


def nothing(names: str) -> Thing:
    """Return names that hold nothing yet."""
    return dict.fromkeys(names.split())


NAME: Final = "Insula in test mode"
ACCOUNT: Final[Thing] = {
    "id": "acct_double00000000000",
    "object": "account",
    "business_profile": {"mcc": None, "name": NAME, "url": None},
    "business_type": "company",
    "capabilities": {"card_payments": "active", "transfers": "active"},
    "charges_enabled": True,
    "country": "DE",
    "created": 1_735_689_600,
    "default_currency": "eur",
    "details_submitted": True,
    "email": "double@example.com",
    "metadata": {},
    "payouts_enabled": True,
    "settings": {
        "branding": nothing("icon logo primary_color secondary_color"),
        "card_payments": {"statement_descriptor_prefix": None},
        "payments": nothing(
            "statement_descriptor statement_descriptor_kana statement_descriptor_kanji"
            " statement_descriptor_prefix_kana statement_descriptor_prefix_kanji"
        ),
        "dashboard": {"display_name": NAME, "timezone": "UTC"},
    },
    "type": "standard",
}
CUSTOMER: Final[Thing] = {
    **nothing(
        "address currency default_source description discount email name phone"
        " shipping test_clock"
    ),
    "balance": 0,
    "delinquent": False,
    "invoice_settings": nothing(
        "custom_fields default_payment_method footer rendering_options"
    ),
    "next_invoice_sequence": 1,
    "preferred_locales": [],
    "tax_exempt": "none",
}
SESSION: Final[Thing] = {
    **nothing(
        "after_expiration allow_promotion_codes billing_address_collection cancel_url"
        " client_reference_id client_secret consent consent_collection customer"
        " customer_creation customer_details customer_email currency_conversion"
        " invoice invoice_creation locale payment_intent payment_link"
        " payment_method_configuration_details recovered_from setup_intent"
        " shipping_address_collection shipping_cost submit_type subscription"
    ),
    "automatic_tax": {"enabled": False, "liability": None, "status": None},
    "custom_fields": [],
    "custom_text": nothing("after_submit shipping_address submit"),
    "discounts": [],
    "mode": "subscription",
    "payment_method_collection": "always",
    "payment_method_options": {},
    "payment_method_types": ["card"],
    "payment_status": "unpaid",
    "phone_number_collection": {"enabled": False},
    "shipping_options": [],
    "status": "open",
    "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    "ui_mode": "hosted_page",
}
SUBSCRIPTION: Final[Thing] = {
    **nothing(
        "application application_fee_percent billing_cycle_anchor_config"
        " billing_thresholds cancel_at canceled_at days_until_due"
        " default_payment_method default_source description ended_at latest_invoice"
        " next_pending_invoice_item_invoice on_behalf_of pause_collection"
        " pending_invoice_item_interval pending_setup_intent pending_update schedule"
        " test_clock transfer_data trial_end trial_start"
    ),
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
    "billing_mode": {"flexible": None, "type": "flexible", "updated_at": None},
    "billing_schedules": [],
    "cancel_at_period_end": False,
    "cancellation_details": nothing("comment feedback reason"),
    "collection_method": "charge_automatically",
    "default_tax_rates": [],
    "discounts": [],
    "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
    "payment_settings": {
        "payment_method_options": None,
        "payment_method_types": None,
        "save_default_payment_method": "off",
    },
    "status": "incomplete",
    "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
}
INVOICE: Final[Thing] = {
    **nothing(
        "account_tax_ids application automatically_finalizes_at custom_fields"
        " customer_phone customer_shipping default_payment_method default_source"
        " description due_date effective_at ending_balance footer from_invoice"
        " hosted_invoice_url invoice_pdf last_finalization_error latest_revision"
        " next_payment_attempt number on_behalf_of receipt_number rendering"
        " shipping_cost shipping_details statement_descriptor test_clock"
        " webhooks_delivered_at"
    ),
    "account_country": "DE",
    "account_name": NAME,
    "amount_overpaid": 0,
    "amount_paid": 0,
    "amount_shipping": 0,
    "attempt_count": 0,
    "attempted": False,
    "auto_advance": True,
    "automatic_tax": {
        **nothing("disabled_reason liability provider status"),
        "enabled": False,
    },
    "collection_method": "charge_automatically",
    "customer_tax_exempt": "none",
    "customer_tax_ids": [],
    "default_tax_rates": [],
    "discounts": [],
    "issuer": {"type": "self"},
    "payment_settings": nothing(
        "default_mandate payment_method_options payment_method_types"
    ),
    "post_payment_credit_notes_amount": 0,
    "pre_payment_credit_notes_amount": 0,
    "status": "draft",
    "status_transitions": nothing(
        "finalized_at marked_uncollectible_at paid_at voided_at"
    ),
    "total_discount_amounts": [],
    "total_pretax_credit_amounts": [],
    "total_taxes": [],
}
INVOICE_ITEM: Final[Thing] = {
    "discountable": False,
    "discounts": [],
    "invoice": None,
    "proration": True,
    "tax_rates": [],
    "test_clock": None,
}
