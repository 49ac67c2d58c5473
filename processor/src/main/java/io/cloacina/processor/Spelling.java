package io.cloacina.processor;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** What may be a name, what a name was meant to be, and the name of a class in lower case. */
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
        return nearest(name, candidates)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("; name a task by its method, or by the name in its @Task(name = ...)");
    }

    /** The candidate that differs least, if one differs little. */
    static Optional<String> nearest(String name, Collection<String> candidates) {
        int limit = Math.min(3, (name.length() + 1) / 3);
        String best = "";
        for (String candidate : candidates) {
            int distance = distance(name, candidate);
            if (distance <= limit) {
                best = candidate;
                limit = distance - 1;
            }
        }
        return Optional.of(best).filter(near -> !near.isEmpty());
    }

    /** How many letters are changed, added, left out or swapped with a neighbour ("optimal string alignment"). */
    private static int distance(String left, String right) {
        int[][] steps = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                boolean same = left.charAt(i - 1) == right.charAt(j - 1);
                steps[i][j] =
                        Math.min(steps[i - 1][j - 1] + (same ? 0 : 1), Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[left.length()][right.length()];
    }

    /** {@code SeattleWeather} is {@code seattle-weather}, {@code HTTPCheck} is {@code http-check}. */
    static String hyphened(String className) {
        return className
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
