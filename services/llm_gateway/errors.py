"""The errors of the gateway, by what they mean rather than by status.

GatewayError
  x Failure                 one attempt at one provider failed; three flags say what follows
    + Transient               5xx, overload, broken connection, nonsense instead of an answer
      - StreamInterrupted     a stream broke after its first text: carries the partial text
    + Timeout                 no connection, no first text or no further text in time
    + RateLimited             too many requests; `retry_after_s` where it was said
    + QuotaExhausted          no balance or quota left
    + AuthFailed              the key is missing, wrong or not allowed
    + ModelUnavailable        the model does not exist there (any more), or its file is missing
    + ContextTooLong          the prompt does not fit the model
    + EmptyResponse           an answer without text
      - InvalidAnswer         text that does not satisfy the schema that was asked for
    + BadRequest              the provider refused the request's form
    + Refused                 the model or a safety filter declined to answer
  x DeadlineExceeded        the caller's time is up; carries the attempts
  x Cancelled               the caller asked to stop
  x BudgetExceeded          the user's tokens or money of the day are spent
  x AllProvidersFailed      nobody is left to ask; carries the attempts
  x GatewayClosed           the gateway was shut down

No message ever carries a key: what a provider says passes `redact` before it gets here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from services.llm_gateway.calls import Attempt
from services.llm_gateway.redact import redact


class GatewayError(Exception):
    """Base of every error the gateway raises; `code` is stable and English."""

    code: ClassVar[str] = "gateway_error"

    def __init__(self, message: str = "") -> None:
        self.message = message or self.code
        super().__init__(self.message)


class Failure(GatewayError):
    """An attempt that did not succeed.

    `falls_back`: the next provider is asked. `retries`: one more try in place may help.
    `trips`: it counts against the provider in its breaker.
    `status` is the HTTP status where there was one, `request_id` the provider's own.
    """

    falls_back: ClassVar[bool] = True
    retries: ClassVar[bool] = False
    trips: ClassVar[bool] = False

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        request_id: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        self.status = status
        self.request_id = request_id
        self.retry_after_s = retry_after_s
        super().__init__(redact(message))


class Transient(Failure):
    """Something broke that may work again in a moment."""

    code = "transient"
    retries = True
    trips = True


class StreamInterrupted(Transient):
    """A stream broke after text had been delivered; `partial` is what arrived, never the whole."""

    code = "stream_interrupted"
    falls_back = False
    retries = False

    def __init__(self, message: str = "", *, partial: str = "", cause_code: str = "", request_id: str = "") -> None:
        self.partial = partial
        self.cause_code = cause_code
        super().__init__(message, request_id=request_id)


class Timeout(Failure):
    """The provider did not speak in time; never retried in place, for it would cost the same again."""

    code = "timeout"
    trips = True


class RateLimited(Failure):
    """Too many requests; `retry_after_s` says when to come back, where the provider did."""

    code = "rate_limited"
    trips = True


class QuotaExhausted(Failure):
    """The account's balance or quota is spent; `retry_after_s` is the stated reset, if any."""

    code = "quota_exhausted"
    trips = True


class AuthFailed(Failure):
    """The key is wrong, revoked or lacks the permission."""

    code = "auth_failed"
    trips = True


class ModelUnavailable(Failure):
    """The model does not exist at this provider, or the local file is missing or damaged."""

    code = "model_unavailable"
    trips = True


class ContextTooLong(Failure):
    """Prompt and answer do not fit the model's window; another model's may be wider."""

    code = "context_too_long"


class EmptyResponse(Failure):
    """The provider answered with success and without text."""

    code = "empty_response"
    retries = True


class InvalidAnswer(EmptyResponse):
    """The text does not satisfy the schema, not even after one attempt at repair."""

    code = "invalid_answer"
    retries = False


class BadRequest(Failure):
    """The provider refused the request; `parameter` is one that the model does not take, where it said so."""

    code = "bad_request"

    def __init__(
        self, message: str = "", *, parameter: str = "", status: int | None = None, request_id: str = ""
    ) -> None:
        self.parameter = parameter
        super().__init__(message, status=status, request_id=request_id)


class Refused(Failure):
    """The model declined, or a content filter stopped it: another provider is not asked to do it."""

    code = "refused"
    falls_back = False


class DeadlineExceeded(GatewayError):
    """The call's time was up before an answer was proven."""

    code = "deadline_exceeded"

    def __init__(self, message: str = "", *, attempts: Sequence[Attempt] = ()) -> None:
        self.attempts = tuple(attempts)
        super().__init__(message)


class Cancelled(GatewayError):
    """The caller cancelled; `partial` is the text that had been delivered."""

    code = "cancelled"

    def __init__(self, message: str = "", *, partial: str = "") -> None:
        self.partial = partial
        super().__init__(message)


class BudgetExceeded(GatewayError):
    """A user's budget of the day does not cover the call; nothing was asked."""

    code = "budget_exceeded"


class AllProvidersFailed(GatewayError):
    """No provider answered; `attempts` tells what each said. Empty: none is configured."""

    code = "all_providers_failed"

    def __init__(self, message: str = "", *, attempts: Sequence[Attempt] = ()) -> None:
        self.attempts = tuple(attempts)
        super().__init__(message or self._summary())

    def _summary(self) -> str:
        if not self.attempts:
            return "No provider is configured: set a key or LOCAL_BASE_URL, or install the local model (ENV_GUIDE.md)."
        said = (f"{a.provider} ({a.model}): {a.outcome}{f' - {a.detail}' if a.detail else ''}" for a in self.attempts)
        return "No provider answered. " + "; ".join(said)


class GatewayClosed(GatewayError):
    """The gateway was shut down; `get_gateway()` makes a new one."""

    code = "gateway_closed"
