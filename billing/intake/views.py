"""Where Stripe says what happened."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.intake.flows import take
from billing.intake.refusing import refuse
from billing.intake.signing import NotStripe, received
from organizations.decorators import public


@require_POST
@csrf_exempt
@public
def stripe_event(request: HttpRequest) -> HttpResponse:
    if not settings.BILLING_ON:
        raise Http404
    try:
        event = received(request)
    except NotStripe as error:
        return refuse(request, str(error))
    take(event=event)
    return JsonResponse({})
