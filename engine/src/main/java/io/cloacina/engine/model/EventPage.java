package io.cloacina.engine.model;

import java.util.List;

/**
 * A page of events, in order. {@code next} is where the next page begins, even if there are no further events yet.
 * {@code isMore} is true if there are further events already.
 */
public record EventPage(List<StoredEvent> events, EventCursor next, boolean isMore) {}
