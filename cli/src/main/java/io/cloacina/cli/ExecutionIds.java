package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds executions by their ids or a part of them: the beginning, or the end. Ids of one moment begin alike, their ends
 * are random, so an end of six characters is mostly enough.
 */
final class ExecutionIds {
    private static final int LEAST_LENGTH = 6;
    private static final int LENGTH = 32;
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{" + LEAST_LENGTH + "," + LENGTH + "}");

    /** How many executions are looked at for an end, the newest ones; there is no index of ends. */
    private static final int MOST_LOOKED_AT = 20_000;

    private static final int PAGE = 5_000;
    private static final int SHOWN = 5;

    private final Engine engine;

    ExecutionIds(Engine engine) {
        this.engine = engine;
    }

    /** The execution that is meant. */
    Execution find(String typed) {
        String digits = typed.strip().toLowerCase(Locale.ROOT).replace("-", "");
        if (!HEXADECIMAL.matcher(digits).matches()) {
            throw new CloacinaException(
                    "INVALID_ID",
                    "'" + typed + "' is not the id of an execution: give all of one, or at least " + LEAST_LENGTH
                            + " characters of its beginning or end, as 'cloacina executions list' shows it");
        }
        List<Execution> found = beginning(digits);
        if (found.isEmpty() && digits.length() < LENGTH) {
            found = ending(digits);
        }
        if (found.size() > 1) {
            throw new CloacinaException(
                    "AMBIGUOUS_ID",
                    "'" + typed + "' may be any of these executions, give more of it: "
                            + found.stream()
                                    .limit(SHOWN)
                                    .map(execution -> execution.id().toString())
                                    .collect(Collectors.joining(", "))
                            + (found.size() > SHOWN ? " and others" : ""));
        }
        if (found.isEmpty()) {
            throw unknown(typed, digits);
        }
        return found.get(0);
    }

    /** Ids sort as they are written, so those that begin alike stand together. */
    private List<Execution> beginning(String digits) {
        UUID last = uuid(digits + "f".repeat(LENGTH - digits.length()));
        List<Execution> found = new ArrayList<>();
        engine.find(last).ifPresent(found::add);
        engine.list(ExecutionQuery.all().before(last).limit(SHOWN + 1)).stream()
                .filter(execution -> digits(execution).startsWith(digits))
                .forEach(found::add);
        return found;
    }

    private List<Execution> ending(String digits) {
        return recent(MOST_LOOKED_AT).stream()
                .filter(execution -> digits(execution).endsWith(digits))
                .toList();
    }

    private List<Execution> recent(int most) {
        List<Execution> all = new ArrayList<>();
        ExecutionQuery query = ExecutionQuery.all().limit(Math.min(most, PAGE));
        List<Execution> page = engine.list(query);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = all.size() < most
                    ? engine.list(query.before(page.get(page.size() - 1).id()))
                    : List.of();
        }
        return all;
    }

    private CloacinaException unknown(String typed, String digits) {
        List<String> recent = recent(PAGE).stream().map(ExecutionIds::digits).toList();
        String suggestion = digits.length() < LENGTH
                ? " whose id begins or, of the newest " + MOST_LOOKED_AT + ", ends so"
                : Nearest.to(digits, recent)
                        .map(meant -> "; did you mean " + uuid(meant) + "?")
                        .orElse(" (or it was removed by retention)");
        return new CloacinaException(
                ErrorCodes.UNKNOWN_EXECUTION, "there is no execution '" + typed + "'" + suggestion);
    }

    private static String digits(Execution execution) {
        return execution.id().toString().replace("-", "");
    }

    private static UUID uuid(String digits) {
        return new UUID(
                Long.parseUnsignedLong(digits.substring(0, LENGTH / 2), 16),
                Long.parseUnsignedLong(digits.substring(LENGTH / 2), 16));
    }
}
