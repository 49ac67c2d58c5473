package io.cloacina.cli;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.cli.view.Format;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which name was probably meant. */
final class Nearest {
    private static final int SHOWN = 10;

    private Nearest() {}

    /**
     * Returns the error for an unknown name, with the nearest name or the known ones.
     *
     * @param what such as {@code workflow}
     */
    static CloacinaException unknown(String what, String name, Collection<String> known) {
        String code = "UNKNOWN_" + what.toUpperCase(Locale.ROOT);
        String suggestion = to(name, known)
                .map(meant -> "; did you mean '" + Format.printable(meant) + "'?")
                .orElseGet(() -> known.isEmpty() ? ", nor any other" : "; there are: " + some(known));
        return new CloacinaException(code, "there is no " + what + " '" + Format.printable(name) + "'" + suggestion);
    }

    private static String some(Collection<String> known) {
        List<String> names = known.stream().distinct().sorted().toList();
        String shown = names.stream().limit(SHOWN).map(Format::printable).collect(Collectors.joining(", "));
        return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
    }

    /** The known name that {@link Arguments#nearest} finds, in any case; or the only one that begins so. */
    static Optional<String> to(String name, Collection<String> known) {
        String lower = lower(name);
        Map<String, String> byLower = new LinkedHashMap<>();
        known.forEach(each -> byLower.putIfAbsent(lower(each), each));
        Optional<String> near = Arguments.nearest(lower, byLower.keySet()).map(byLower::get);
        if (near.isPresent()) {
            return near;
        }
        List<String> longer = known.stream()
                .filter(each -> !lower.isEmpty() && lower(each).startsWith(lower))
                .distinct()
                .toList();
        return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
