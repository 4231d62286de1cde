package io.veralake.capture;

import org.jspecify.annotations.Nullable;

/**
 * One converted record of a connector.
 *
 * @param topic where it goes
 * @param key its key's bytes; null: it has none
 * @param value its value's bytes; null: a tombstone
 */
record Event(String topic, byte @Nullable [] key, byte @Nullable [] value) {}
