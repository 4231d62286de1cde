package io.veralake.reconcile;

import java.io.Serializable;

/**
 * The line up to which the two sides are compared, in microseconds since 1970.
 *
 * @param watermark what was committed later is in flight
 * @param asOf what the stream received later wasn't visible when the books were closed
 * @param latency how long an event usually takes to arrive, at most
 */
record Cut(long watermark, long asOf, long latency) implements Serializable {}
