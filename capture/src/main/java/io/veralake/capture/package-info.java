/**
 * Debezium without Kafka Connect: change events of databases into Kafka topics or files, as Kafka
 * Connect would send them. For trying and for tests; it has no workers, no rebalancing, no REST.
 *
 * <p>An event is offered at least once: a batch's offsets are kept only after the sink has all of
 * its events, so a process that is killed sends the last batch again.
 */
@NullMarked
package io.veralake.capture;

import org.jspecify.annotations.NullMarked;
