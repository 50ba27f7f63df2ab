/* All cases. Written by test/support/list-cases.ts from the files beside it. */

import type { Case } from "../case.ts";
import { connectionProbes } from "./probe/connections.ts";
import { expectationProbes } from "./probe/expectations.ts";
import { progressProbes } from "./probe/progress.ts";
import { requestProbes } from "./probe/requests.ts";
import { responseProbes } from "./probe/responses.ts";
import { trailersProbes } from "./probe/trailers.ts";
import { abortSignalCases } from "./session/abort-signal.ts";
import { abortCases } from "./session/abort.ts";
import { authDigestCases } from "./session/auth-digest.ts";
import { authOriginCases } from "./session/auth-origins.ts";
import { authRefreshCases } from "./session/auth-refresh.ts";
import { closingCases } from "./session/closing.ts";
import { compressTogetherCases } from "./session/compress-together.ts";
import { compressCases } from "./session/compress.ts";
import { cookieCases } from "./session/cookies.ts";
import { costlyCookieCases } from "./session/costly-cookies.ts";
import { decodingCodingCases } from "./session/decoding-codings.ts";
import { decodingFaultCases } from "./session/decoding-faults.ts";
import { decodingStreamCases } from "./session/decoding-streams.ts";
import { errorStatusCases } from "./session/errors-status.ts";
import { errorTreeCases } from "./session/errors-tree.ts";
import { eventCases } from "./session/events.ts";
import { expectCases } from "./session/expect.ts";
import { extendCases } from "./session/extend.ts";
import { fetchFailureCases } from "./session/fetch-failures.ts";
import { fetchCases } from "./session/fetch.ts";
import { formCasesOfDepth } from "./session/form.ts";
import { integrityCases } from "./session/integrity.ts";
import { leakCases } from "./session/leaks.ts";
import { limitQueueCases } from "./session/limits-queue.ts";
import { limitSizeCases } from "./session/limits-size.ts";
import { limitSlotCases } from "./session/limits-slots.ts";
import { middlewareChangeCases } from "./session/middleware-changes.ts";
import { middlewareScopeCases } from "./session/middleware-scopes.ts";
import { middlewareCases } from "./session/middleware.ts";
import { multipartStreamCases } from "./session/multipart-streams.ts";
import { multipartCases } from "./session/multipart.ts";
import { optionRefusedCases } from "./session/options-refused.ts";
import { optionSessionCases } from "./session/options-session.ts";
import { ownKeyCases } from "./session/own-keys.ts";
import { pollutionCases } from "./session/pollution.ts";
import { poolIdentityCases } from "./session/pool-identities.ts";
import { poolCases } from "./session/pools.ts";
import { priorityCases } from "./session/priority.ts";
import { progressDownloadCases } from "./session/progress-download.ts";
import { progressUploadCases } from "./session/progress-upload.ts";
import { rateLimitLearningCases } from "./session/rate-limit-learning.ts";
import { rateLimitCases } from "./session/rate-limit.ts";
import { readingCodingCases } from "./session/reading-codings.ts";
import { readingEndCases } from "./session/reading-ends.ts";
import { readingFaultCases } from "./session/reading-faults.ts";
import { readingUndecodableCases } from "./session/reading-undecodable.ts";
import { redirectContentCases } from "./session/redirect-content.ts";
import { redirectCredentialCases } from "./session/redirect-credentials.ts";
import { redirectForwardCases } from "./session/redirect-forward.ts";
import { redirectLimitCases } from "./session/redirect-limits.ts";
import { redirectLocationCases } from "./session/redirect-locations.ts";
import { redirectMethodCases } from "./session/redirect-methods.ts";
import { redirectOriginCases } from "./session/redirect-origins.ts";
import { redirectPlaceCases } from "./session/redirect-places.ts";
import { redirectPolicyCases } from "./session/redirect-policies.ts";
import { redirectResponseCases } from "./session/redirect-responses.ts";
import { redirectRewritingCases } from "./session/redirect-rewriting.ts";
import { redirectSecretCases } from "./session/redirect-secrets.ts";
import { retryBoundCases } from "./session/retry-bounds.ts";
import { retryContentCases } from "./session/retry-content.ts";
import { retryFailureCases } from "./session/retry-failures.ts";
import { retryStatusCases } from "./session/retry-statuses.ts";
import { retryTogetherCases } from "./session/retry-together.ts";
import { statsCases } from "./session/stats.ts";
import { stormCases } from "./session/storms.ts";
import { throttleCases } from "./session/throttle.ts";
import { timeoutAttemptCases } from "./session/timeout-attempt.ts";
import { timeoutOptionCases } from "./session/timeout-options.ts";
import { timeoutPhaseCases } from "./session/timeout-phases.ts";
import { timeoutPrecisionCases } from "./session/timeout-precision.ts";
import { timeoutTotalCases } from "./session/timeout-total.ts";
import { timeoutWriteCases } from "./session/timeout-write.ts";
import { traceFailureCases } from "./session/trace-failures.ts";
import { timingCases } from "./session/trace-timings.ts";
import { traceCases } from "./session/trace.ts";
import { undecodableCases } from "./session/undecodable.ts";
import { urlCases } from "./session/urls.ts";
import { bodilessCases } from "./transport/bodiless.ts";
import { connectionsCases } from "./transport/connections.ts";
import { contentKindsCases } from "./transport/content-kinds.ts";
import { contentMultipartCases } from "./transport/content-multipart.ts";
import { contentPiecesCases } from "./transport/content-pieces.ts";
import { contentReadersCases } from "./transport/content-readers.ts";
import { contentRefusedCases } from "./transport/content-refused.ts";
import { contentStreamsCases } from "./transport/content-streams.ts";
import { contentTypeCases } from "./transport/content-types.ts";
import { cutCases } from "./transport/cuts.ts";
import { disconnectCases } from "./transport/disconnects.ts";
import { excessCases } from "./transport/excess.ts";
import { fieldsReceivedCases } from "./transport/fields-received.ts";
import { fieldsRefusedCases } from "./transport/fields-refused.ts";
import { fieldsSentCases } from "./transport/fields-sent.ts";
import { framingBrokenCases } from "./transport/framing-broken.ts";
import { framingChunkCases } from "./transport/framing-chunks.ts";
import { framingCodingCases } from "./transport/framing-codings.ts";
import { framingLengthCases } from "./transport/framing-lengths.ts";
import { framingCases } from "./transport/framing.ts";
import { headExcessCases } from "./transport/heads-in-excess.ts";
import { headMalformedCases } from "./transport/heads-malformed.ts";
import { injectionPlaceCases } from "./transport/injection-places.ts";
import { injectionValueCases } from "./transport/injection-values.ts";
import { methodCases } from "./transport/method.ts";
import { misreadCases } from "./transport/misread.ts";
import { nameCases } from "./transport/names.ts";
import { paramsCases } from "./transport/params.ts";
import { smugglingCases } from "./transport/smuggling.ts";
import { targetUrlCases } from "./transport/target-url.ts";
import { targetCases } from "./transport/target.ts";
import { tlsCases } from "./transport/tls.ts";
import { truncationCases } from "./transport/truncation.ts";
import { uploadSourceCases } from "./transport/upload-sources.ts";
import { uploadBrokenCases } from "./transport/uploads-broken.ts";
import { uploadEarlyCases } from "./transport/uploads-early.ts";

/** Every case of the suite, sorted by id. */
export const allCases: readonly Case[] = [
  ...connectionProbes,
  ...expectationProbes,
  ...progressProbes,
  ...requestProbes,
  ...responseProbes,
  ...trailersProbes,
  ...abortSignalCases,
  ...abortCases,
  ...authDigestCases,
  ...authOriginCases,
  ...authRefreshCases,
  ...closingCases,
  ...compressTogetherCases,
  ...compressCases,
  ...cookieCases,
  ...costlyCookieCases,
  ...decodingCodingCases,
  ...decodingFaultCases,
  ...decodingStreamCases,
  ...errorStatusCases,
  ...errorTreeCases,
  ...eventCases,
  ...expectCases,
  ...extendCases,
  ...fetchFailureCases,
  ...fetchCases,
  ...formCasesOfDepth,
  ...integrityCases,
  ...leakCases,
  ...limitQueueCases,
  ...limitSizeCases,
  ...limitSlotCases,
  ...middlewareChangeCases,
  ...middlewareScopeCases,
  ...middlewareCases,
  ...multipartStreamCases,
  ...multipartCases,
  ...optionRefusedCases,
  ...optionSessionCases,
  ...ownKeyCases,
  ...pollutionCases,
  ...poolIdentityCases,
  ...poolCases,
  ...priorityCases,
  ...progressDownloadCases,
  ...progressUploadCases,
  ...rateLimitLearningCases,
  ...rateLimitCases,
  ...readingCodingCases,
  ...readingEndCases,
  ...readingFaultCases,
  ...readingUndecodableCases,
  ...redirectContentCases,
  ...redirectCredentialCases,
  ...redirectForwardCases,
  ...redirectLimitCases,
  ...redirectLocationCases,
  ...redirectMethodCases,
  ...redirectOriginCases,
  ...redirectPlaceCases,
  ...redirectPolicyCases,
  ...redirectResponseCases,
  ...redirectRewritingCases,
  ...redirectSecretCases,
  ...retryBoundCases,
  ...retryContentCases,
  ...retryFailureCases,
  ...retryStatusCases,
  ...retryTogetherCases,
  ...statsCases,
  ...stormCases,
  ...throttleCases,
  ...timeoutAttemptCases,
  ...timeoutOptionCases,
  ...timeoutPhaseCases,
  ...timeoutPrecisionCases,
  ...timeoutTotalCases,
  ...timeoutWriteCases,
  ...traceFailureCases,
  ...timingCases,
  ...traceCases,
  ...undecodableCases,
  ...urlCases,
  ...bodilessCases,
  ...connectionsCases,
  ...contentKindsCases,
  ...contentMultipartCases,
  ...contentPiecesCases,
  ...contentReadersCases,
  ...contentRefusedCases,
  ...contentStreamsCases,
  ...contentTypeCases,
  ...cutCases,
  ...disconnectCases,
  ...excessCases,
  ...fieldsReceivedCases,
  ...fieldsRefusedCases,
  ...fieldsSentCases,
  ...framingBrokenCases,
  ...framingChunkCases,
  ...framingCodingCases,
  ...framingLengthCases,
  ...framingCases,
  ...headExcessCases,
  ...headMalformedCases,
  ...injectionPlaceCases,
  ...injectionValueCases,
  ...methodCases,
  ...misreadCases,
  ...nameCases,
  ...paramsCases,
  ...smugglingCases,
  ...targetUrlCases,
  ...targetCases,
  ...tlsCases,
  ...truncationCases,
  ...uploadSourceCases,
  ...uploadBrokenCases,
  ...uploadEarlyCases,
].toSorted((a, b) => (a.id < b.id ? -1 : 1));
