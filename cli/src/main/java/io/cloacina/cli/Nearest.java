package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.cli.view.Format;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which name was probably meant. */
final class Nearest {
    private static final int SHOWN = 10;
    private static final int MOST_ERRORS = 3;

    private Nearest() {}

    /**
     * Returns the error for an unknown name, with the nearest name or the known ones.
     *
     * @param what such as {@code workflow}
     */
    static CloacinaException unknown(String what, String name, Collection<String> known) {
        String code = "UNKNOWN_" + what.toUpperCase(Locale.ROOT);
        String hint = to(name, known)
                .map(meant -> "; did you mean '" + Format.printable(meant) + "'?")
                .orElseGet(() -> known.isEmpty() ? ", nor any other" : "; there are: " + some(known));
        return new CloacinaException(code, "there is no " + what + " '" + Format.printable(name) + "'" + hint);
    }

    private static String some(Collection<String> known) {
        List<String> names = known.stream().distinct().sorted().toList();
        String shown = names.stream().limit(SHOWN).map(Format::printable).collect(Collectors.joining(", "));
        return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
    }

    /**
     * The known name with the fewest typing errors, one for every three characters at most; or the only one that begins
     * so.
     */
    static Optional<String> to(String name, Collection<String> known) {
        String lower = name.toLowerCase(Locale.ROOT);
        int most = Math.min(MOST_ERRORS, (name.length() + 1) / 3);
        Optional<String> near = known.stream()
                .filter(each -> distance(lower, each.toLowerCase(Locale.ROOT)) <= most)
                .min(Comparator.comparingInt(each -> distance(lower, each.toLowerCase(Locale.ROOT))));
        if (near.isPresent()) {
            return near;
        }
        List<String> longer = known.stream()
                .filter(each ->
                        !lower.isEmpty() && each.toLowerCase(Locale.ROOT).startsWith(lower))
                .distinct()
                .toList();
        return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
    }

    /** How many characters are to be put in, taken out, changed, or swapped with the next. */
    private static int distance(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean isSwap = i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1);
                if (isSwap) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[left.length()][right.length()];
    }
}
