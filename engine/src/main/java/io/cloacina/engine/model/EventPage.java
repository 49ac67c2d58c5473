package io.cloacina.engine.model;

import java.util.List;

/**
 * Some events, in their order. {@code next} is where the next page begins, also if there are none now. {@code isMore}:
 * whether there are more already.
 */
public record EventPage(List<StoredEvent> events, EventCursor next, boolean isMore) {}
