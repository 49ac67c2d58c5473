package io.cloacina.processor;

import io.cloacina.api.Arguments;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** What may be a name, the suggestion of the one that was meant, and the name of a class in lower case. */
final class Spelling {
    static final int MAX_LENGTH = 200;

    private Spelling() {}

    /** What is wrong with a name, if anything is. The engine checks again; here it is known where it stands. */
    static Optional<String> problem(String name, int maxLength) {
        if (name.isBlank()) {
            return Optional.of("is blank");
        }
        if (name.length() > maxLength) {
            return Optional.of("has " + name.length() + " characters, at most " + maxLength + " are allowed");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("has a control character");
        }
        return name.codePoints().anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                ? Optional.of("has half of a surrogate pair")
                : Optional.empty();
    }

    /** {@code "; did you mean 'read'?"}, or how tasks are named if no candidate is near. */
    static String suggestion(String name, Collection<String> candidates) {
        return Arguments.nearest(name, candidates)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("; name a task by its method, or by the name in its @Task(name = ...)");
    }

    /** {@code SeattleWeather} is {@code seattle-weather}, {@code HTTPCheck} is {@code http-check}. */
    static String hyphened(String className) {
        return className
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
